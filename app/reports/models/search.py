"""Finding reports by what is known of them; the same criteria say which are voided."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, String, cast, func, select

from app.extensions import db
from app.kit import clock
from app.places import Place, gazetteer
from app.reports.models.report import Report
from app.reports.models.states import Source, State
from app.reports.models.voiding import OPEN

COUNTED_TO = 20_000  # matches that are counted; beyond them the answer is "more than"
CLUSTER = re.compile(r"[0-9a-f]{16}")
KEY = re.compile(r"[a-z][a-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What is asked for; empty is anything. Days are German days, both included."""

    state: str = ""
    place: str = ""
    symptom: str = ""
    source: str = ""
    signal: str = ""
    cluster: str = ""
    since: str = ""
    until: str = ""
    text: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """The criteria in a query or a form; what cannot be meant is left out."""
        asked = {name: given.get(name, "").replace("\0", "").strip()[:120] for name in cls.__slots__}  # as in `clean`
        return cls(**{name: value for name, value in asked.items() if value and _can_be_meant(name, value)})

    def given(self) -> dict[str, str]:
        """Those that are not empty."""
        return {name: value for name, value in asdict(self).items() if value}

    def without_words(self) -> dict[str, str]:
        """The same for a record that is kept: what somebody wrote is not repeated."""
        return {name: "…" if name == "text" else value for name, value in self.given().items()}

    def counts(self) -> dict[State, int]:
        """How many match, by state, up to `COUNTED_TO` in all."""
        matching = select(Report.state).where(*self._conditions()).limit(COUNTED_TO + 1).subquery()
        found = db.session.execute(select(matching.c.state, func.count()).group_by(matching.c.state))
        return {row[0]: row[1] for row in found}

    def page(self, limit: int, offset: int = 0) -> list[Report]:
        """What matches, newest first."""
        found = select(Report).where(*self._conditions()).order_by(Report.id.desc())
        return list(db.session.scalars(found.limit(limit).offset(offset)))

    def still_open(self, limit: int) -> list[Report]:
        """The first of those that count or are held, as they stand now."""
        found = select(Report).where(*self._conditions(), Report.state.in_(OPEN)).order_by(Report.id).limit(limit)
        return list(db.session.scalars(found.execution_options(populate_existing=True)))

    def _conditions(self) -> list[ColumnElement[bool]]:
        return [condition for name, value in self.given().items() for condition in _condition(name, value)]


def _can_be_meant(name: str, value: str) -> bool:
    if name in {"since", "until"}:
        return _day(value) is not None
    known: dict[str, set[str]] = {"state": set(State), "source": set(Source)}
    patterns = {"cluster": CLUSTER, "symptom": KEY, "signal": KEY}
    if name in patterns:
        return patterns[name].fullmatch(value) is not None
    return value in known.get(name, {value})


def _condition(name: str, value: str) -> Iterator[ColumnElement[bool]]:
    column: Any = getattr(Report, name, None)  # Any: columns of several types
    if name in {"state", "source", "cluster"}:
        yield column == value
    elif name in {"symptom", "signal"}:
        kept = Report.symptoms if name == "symptom" else Report.signals
        yield cast(kept, String).contains(f'"{value}"', autoescape=True)
    elif name == "place":
        meant = gazetteer().resolve(value)
        yield (
            Report.place_id == meant.id if isinstance(meant, Place) else Report.place.icontains(value, autoescape=True)
        )
    elif name == "text":
        yield Report.text.icontains(value, autoescape=True)
    elif day := _day(value):
        yield Report.told_at >= _begin(day) if name == "since" else Report.told_at < _begin(day + timedelta(days=1))


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2200 else None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), clock.BERLIN)
