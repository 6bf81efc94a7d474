"""What no handover holds: the reports of which one may be made, and how many hide behind what was handed over."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from app.config import campaign
from app.extensions import db
from app.handover.generalise import Path, Row
from app.handover.models.record import Record
from app.handover.periods import of_day, spread
from app.handover.words import has_words
from app.kit import clock
from app.ledger.models import Entry, Kind
from app.places import Level, gazetteer
from app.reports.models import Report, State

PAGE = 5_000  # rows read at once
LEVELS = (Level.DISTRICT, Level.PLACE, Level.STATE, Level.COUNTRY)  # as `generalise.LEVELS`


def candidates() -> Iterator[Row]:
    """Every counted report that no handover holds, a proposed one included."""
    told = (Report.id, Report.place_id, Report.district_id, Report.symptoms, Report.commitment_seq)
    asked = _undelivered(*told, Report.text_state, Report.text, Entry.kind, Entry.minute, Entry.claimed_day)
    known, around = set(campaign().symptom_keys), levels_around()
    for id_, place, district, symptoms, version, text_state, text, *when in db.session.execute(asked):
        yield Row(
            report=id_,
            path=around(place, district),
            periods=of_day(day_of(*when)),
            symptoms=[key for key in dict.fromkeys(symptoms) if key in known],
            has_words=has_words(text, text_state),
            version=version,
        )


def count_waiting() -> int:
    """How many counted reports no handover holds."""
    waiting = select(func.count()).select_from(Report).where(*_is_undelivered())
    return db.session.scalar(waiting) or 0


def waiting_by_period(until: datetime | None = None) -> dict[str, int]:
    """The same per period in which they were told; with `until` only those counted up to that minute."""
    asked = _undelivered(Entry.kind, Entry.minute, Entry.claimed_day, func.count())
    if until:
        asked = asked.where(Entry.minute <= until)
    months: Counter[str] = Counter()
    for *when, many in db.session.execute(asked.group_by(Entry.kind, Entry.minute, Entry.claimed_day)):
        months[of_day(day_of(*when))[0]] += many
    return spread(months)


def day_of(kind: Kind, minute: datetime, claimed_day: date | None) -> date:
    """The day of a report's entry in the public ledger: as claimed for imported ones, else in Germany."""
    if kind is Kind.IMPORTED and claimed_day:
        return claimed_day
    return minute.astimezone(clock.BERLIN).date()


def levels_around() -> Callable[[str | None, str | None], Path]:
    """Answers the areas that a report lies in, a level each; an unknown place lies in the country alone."""
    found = gazetteer()

    @cache
    def around(place: str | None, district: str | None) -> Path:
        levels = {area.level: area.id for one in found.path(place, district) if (area := found.area(one))}
        return tuple(levels.get(level) for level in LEVELS)

    return around


def _undelivered(*columns: Any) -> Select[Any]:  # Any: columns of any type
    asked = select(*columns).select_from(Report).join(Entry, Entry.seq == Report.entry_seq)
    return asked.where(*_is_undelivered()).execution_options(yield_per=PAGE)


def _is_undelivered() -> tuple[ColumnElement[bool], ...]:
    held = select(Record.report_id).where(Record.report_id == Report.id)
    return Report.state == State.COUNTED, ~held.exists()
