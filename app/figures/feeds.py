"""The feed of an area (Atom, RFC 4287): each batch that changed its figures while it was named, and released words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.config import campaign
from app.extensions import db
from app.figures.models import Batch, Figure
from app.figures.models.figure import history
from app.figures.models.measures import REPORTS
from app.figures.published import Published, least_of
from app.figures.voices import voices
from app.kit import atom, clock
from app.places import Area
from app.web.language import day, number

BATCHES = 20
VOICES = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `mark` tells it from the others of its feed."""

    mark: str
    title: str
    text: str
    at: datetime


def feed(area: Area, figures: Published | None, *, base_url: str, lang: str) -> bytes:
    """The feed; without figures, of an area that is not named, it has no entries."""
    found = [*_batches(area, figures), *_words(area, figures)] if figures else []
    page = base_url + url_for("figures.place", slug=area.slug, lang=None)
    channel = atom.Channel(
        id=page,
        title=f"{area.label} – {campaign().name}",
        url=base_url + url_for("figures.feed", slug=area.slug),
        page=base_url + url_for("figures.place", slug=area.slug),
        author=campaign().name,
        lang=lang,
        began=datetime.combine(campaign().since, time(), clock.BERLIN),
    )
    found.sort(key=lambda one: one.at, reverse=True)
    return atom.plain_feed(
        channel, [atom.Entry(f"{page}#{one.mark}", page, one.title, one.text, one.at) for one in found]
    )


def _batches(area: Area, figures: Published) -> Iterator[Entry]:
    """Those alone in which the area had enough reports: of the days before, its page said nothing either."""
    values = history(area.id, [REPORTS], figures.batch.id)
    for batch in _that_changed(area):
        reports = next((one.value for one in values if one.stood_at(batch.id)), 0)
        if reports >= least_of(batch.step):
            yield _entry(area, batch, reports)


def _entry(area: Area, batch: Batch, reports: int) -> Entry:
    """What a batch said; its words are told in figures, which are rounded down already."""
    title = _("%(place)s: at least %(count)s reports", place=area.label, count=number(reports))
    text = _("Published on %(day)s, rounded down to full %(step)s.", day=day(batch.made_on), step=number(batch.step))
    return Entry(f"figures-{batch.made_on}", title, text, batch.made_at)


def _that_changed(area: Area) -> list[Batch]:
    """The newest batches in which a figure of the area began or ended."""
    began = select(Figure.batch_id).where(Figure.area_id == area.id)
    ended = select(Figure.until_id).where(Figure.area_id == area.id, Figure.until_id.is_not(None))
    changed = select(Batch).where(Batch.id.in_(began.union(ended)))
    return list(db.session.scalars(changed.order_by(Batch.id.desc()).limit(BATCHES)))


def _words(area: Area, figures: Published) -> Iterator[Entry]:
    for voice in voices(VOICES, figures, area):
        title = _("In their own words: %(place)s", place=(voice.where or area).label)
        yield Entry(f"words-{voice.mark}", title, voice.text, datetime.combine(voice.day, time(), clock.BERLIN))
