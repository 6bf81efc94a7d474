"""Where the network fails: all places, one place, and a feed of each."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app.config import campaign, settings
from app.figures import charting, feeds
from app.figures.forms import MeTooForm, takes_me_too
from app.figures.models.figure import of_area
from app.figures.portrait import Portrait, portrait
from app.figures.published import last_published, named_from
from app.figures.views.room import area_or_404, bp
from app.figures.voices import voices
from app.places import Area, gazetteer
from app.web import headers
from app.web.language import language

VOICES = 6
FEED_AGE = 60  # seconds
WIDE = (720, 260)
NARROW = (360, 220)


@bp.get("/places/")
def index() -> ResponseReturnValue:
    """Two rankings and a map."""
    figures = last_published()
    drawn = charting.PlaceMap.of(figures, campaign().country) if figures else None
    page = render_template(
        "figures/places.html", figures=figures, least=named_from(), map=drawn, country=gazetteer().country
    )
    return headers.public(page)


@bp.get("/places/<slug>")
def place(slug: str) -> ResponseReturnValue:
    """All that was published of an area; of one with few reports the same page, however few they are."""
    area, figures = area_or_404(slug), last_published()
    around = tuple(reversed(gazetteer().ancestors(area.id)))
    shared = {
        "area": area,
        "around": [one for one in around if one.name != area.name],
        "report": _where_to_report(area),
        "form": MeTooForm(formdata=None) if takes_me_too(area) else None,
    }
    if figures is None or not figures.names(area.id):
        return headers.public(render_template("figures/quiet_place.html", least=named_from(), **shared))
    facts = portrait(area, figures, of_area(area.id, figures.batch.id))
    page = render_template(
        "figures/place.html",
        figures=figures,
        facts=facts,
        trends=_trends(facts),
        voices=voices(VOICES, figures, area),
        **shared,
    )
    return headers.public(page)


@bp.get("/places/<slug>/feed.atom")
def feed(slug: str) -> ResponseReturnValue:
    """What is new in an area: figures and words."""
    area, figures = area_or_404(slug), last_published()
    named = figures if figures and figures.names(area.id) else None
    body = feeds.feed(area, named, base_url=settings().base_url, lang=language())
    return headers.public(Response(body, mimetype="application/atom+xml"), max_age=FEED_AGE)


def _where_to_report(area: Area) -> dict[str, str]:
    """The arguments of the complaint form for an area: nothing for more than a place."""
    above = gazetteer().get(area.parent or "")
    if above:
        return {"place": above.label, "district": area.name}
    return {"place": area.label} if gazetteer().get(area.id) else {}


def _trends(facts: Portrait) -> list[tuple[str, charting.Frame, list[charting.Column]]]:
    """The chart of the weeks, for wide and for narrow screens."""
    values = [value for _, value in facts.weeks]
    most = charting.ceiling(max(values, default=0))
    found = []
    for name, (width, height) in {"wide": WIDE, "narrow": NARROW}.items():
        frame = charting.Frame(width, height, left=8, right=56, top=14, bottom=30, most=most)
        found.append((name, frame, charting.columns(values, frame)))
    return found
