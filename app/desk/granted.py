"""Published figures as tables for a company: what everybody may read, sorted, by place, and as a file."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.config import campaign
from app.figures.models.figure import of_all
from app.figures.models.grant import Kind
from app.figures.models.measures import symptom
from app.figures.moment import Moment
from app.figures.published import Published, last_published
from app.handover.files import guarded
from app.handover.protocol import accounts
from app.kit import clock
from app.people.models import Organisation
from app.places import gazetteer
from app.promises.line import lines_of
from app.promises.models import Promise
from app.promises.words import state_words
from app.web.language import words

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a line above it; where `has_places`, its first column can be searched."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    has_places: bool = False

    def of_place(self, asked: str) -> "Sheet":
        """Only the rows whose place has what was asked for in its name."""
        part = asked.casefold()
        return replace(self, rows=[row for row in self.rows if part in str(row[0]).casefold()]) if part else self

    def as_csv(self) -> bytes:
        """RFC 4180, UTF-8 with the mark by which spreadsheets know it; no cell is taken for a formula."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(self.heads)
        writer.writerows([_plain(cell) for cell in row] for row in self.rows)
        return out.getvalue().encode("utf-8-sig")


def sheet(kind: Kind, organisation: Organisation) -> Sheet:
    """The set as it is published now. Of promises and handovers those that concern the organisation."""
    return _SHEETS[kind](organisation)


def _plain(cell: Cell) -> str:
    return "" if cell is None else str(cell) if isinstance(cell, int) else guarded(cell)


def _places(_organisation: Organisation) -> Sheet:
    figures = last_published()
    listed = figures.places if figures else []
    rows: list[list[Cell]] = [[place.label, _state_of(place.id), count] for place, count in listed]
    return Sheet((_("Place"), _("State"), _("Reports, in full steps")), rows, has_places=True)


def _state_of(area_id: str) -> str:
    states = {one.id for one in gazetteer().states}
    return next((one.name for one in gazetteer().ancestors(area_id) if one.id in states), "")


def _symptoms(_organisation: Organisation) -> Sheet:
    figures = last_published()
    rows = list(_symptom_rows(figures)) if figures else []
    return Sheet((_("Place"), _("Problem"), _("Reports, in full steps")), rows, has_places=True)


def _symptom_rows(figures: Published) -> Iterable[list[Cell]]:
    """The whole country first, then every place that is named, most reports first."""
    named = {symptom(one.key): words(one.label) for one in campaign().symptoms}
    found = of_all(named, figures.batch.id)
    country = gazetteer().country
    for area_id, label in [(country.id, country.name), *((place.id, place.label) for place, _count in figures.places)]:
        counts = [(found[measure].get(area_id, 0), word) for measure, word in named.items()]
        for count, word in sorted(counts, key=lambda one: -one[0]):
            if count:
                yield [label, word, count]


def _days(_organisation: Organisation) -> Sheet:
    days = reversed(Moment.of(clock.minute()).days)
    rows: list[list[Cell]] = [[one.day.isoformat(), one.counter, one.told] for one in days]
    return Sheet((_("Day"), _("Counter at its end"), _("Told until then")), rows)


def _promises(organisation: Organisation) -> Sheet:
    heads = (_("Promise"), _("What became of it"), _("Confirmed"), _("Contradicted"), _("As of"))
    rows: list[list[Cell]] = []
    for line in lines_of(Promise.all_marked(organisation.slug)):
        votes, as_of = line.standing.quota, line.standing.as_of
        counts: list[Cell] = [votes.confirmed, votes.contradicted] if votes else [None, None]
        rows.append([line.promise.sentence, state_words(line.state), *counts, as_of.isoformat() if as_of else None])
    return Sheet(heads, rows)


def _handovers(organisation: Organisation) -> Sheet:
    heads = (_("Handover"), _("Day"), _("Rows"), _("Smallest group"), _("SHA-256 of the manifest"))
    rows: list[list[Cell]] = []
    for one in accounts():
        released, said = one.handover.released_at, one.manifest
        if one.is_released and released and one.handover.organisation_slug == organisation.slug:
            day = released.astimezone(clock.BERLIN).date().isoformat()
            rows.append([str(one.id), day, said["rows"], said["k_reached"], one.manifest_hash])
    return Sheet(heads, rows)


_SHEETS: dict[Kind, Callable[[Organisation], Sheet]] = {
    Kind.PLACES: _places,
    Kind.SYMPTOMS: _symptoms,
    Kind.DAYS: _days,
    Kind.PROMISES: _promises,
    Kind.HANDOVERS: _handovers,
}
