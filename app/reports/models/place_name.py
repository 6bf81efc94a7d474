"""Places as people typed them, which the gazetteer does not know: a person says what is meant."""

from dataclasses import dataclass

from sqlalchemy import func, select, update

from app.extensions import db
from app.ledger.models import Head
from app.places import Ambiguous, Place, gazetteer
from app.reports.models.report import Report
from app.reports.models.states import PlaceState, State


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of typing a place, with how many reports wait for it and which places it might mean."""

    typed: str
    reports: int
    suggestions: tuple[Place, ...]


def unknown_places(limit: int = 100) -> list[Spelling]:
    """The spellings that wait for a person, most frequent first."""
    found = (
        select(Report.place, func.count().label("reports"))
        .where(Report.place_state == PlaceState.WAITING, Report.state == State.COUNTED)
        .group_by(Report.place)
        .order_by(func.count().desc(), Report.place)
        .limit(limit)
    )
    return [Spelling(row.place, row.reports, _candidates(row.place)) for row in db.session.execute(found)]


def count_unknown_places() -> int:
    waiting = (Report.place_state == PlaceState.WAITING) & (Report.state == State.COUNTED)
    return db.session.scalar(select(func.count(Report.place.distinct())).where(waiting)) or 0


def settle(typed: str, place: Place) -> int:
    """Say that a spelling means a place; returns how many reports that was true of. The words stay as typed."""
    Head.take()  # before any row of a report, as everybody does
    waiting = select(Report).where(Report.place == typed, Report.place_state == PlaceState.WAITING)
    meant = list(db.session.scalars(waiting.with_for_update()))
    for report in meant:
        report.means(place)
        report.place_state = PlaceState.KNOWN
    return len(meant)


def keep_as_typed(typed: str) -> int:
    """Say that a spelling stays as it is: a place outside the gazetteer."""
    Head.take()
    waiting = (Report.place == typed) & (Report.place_state == PlaceState.WAITING)
    kept = update(Report).where(waiting).values(place_state=PlaceState.AS_TYPED).returning(Report.id)
    return len(db.session.execute(kept).all())


def ask_again(typed: str) -> int:
    """Undo what a person said about a spelling; what the gazetteer knows by itself is nobody's word."""
    if isinstance(gazetteer().resolve(typed), Place):
        return 0
    Head.take()
    said = (Report.place == typed) & (Report.place_state != PlaceState.WAITING)
    again = update(Report).where(said).values(place_id=None, district_id=None, place_state=PlaceState.WAITING)
    return len(db.session.execute(again.returning(Report.id)).all())


def _candidates(typed: str) -> tuple[Place, ...]:
    meaning = gazetteer().resolve(typed)
    if isinstance(meaning, Ambiguous):
        return meaning.candidates[:6]
    guess = gazetteer().guess(typed)
    return ((guess,) if guess else ()) + tuple(p for p in gazetteer().suggest(typed, 5) if p != guess)
