"""A count: every cell of every area, exactly, from the rows of one moment; only its steps leave this file.

A cell is an area and a measure. Rounded down to full multiples of one step, every cell, and so every sum and every
difference of cells, is a multiple of that step; a cell below one step is no cell.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, func, literal, select

from app.config import campaign
from app.extensions import db, paged
from app.figures.models import measures, weeks
from app.kit import clock
from app.ledger.models import Entry, Head, Kind
from app.places import gazetteer
from app.reports.models import FollowUp, MeToo, Report, Source, State

PAGE = 5_000  # rows read at once
TELLING = (Kind.COUNTED, Kind.IMPORTED)

Key = tuple[str, str]  # the area's id, the measure
Row = tuple[str | None, str | None, str, int]  # place, district, measure, how many


@dataclass(slots=True)
class Count:
    """What the rows of one moment say, rounded down, and what the ledger says of the days since the last batch."""

    since: int  # entries that the last batch knew
    step: int
    size: int = 0
    counter: int = 0
    told: int = 0  # reports since then
    cells: dict[Key, int] = field(default_factory=dict)
    days: dict[date, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of_now(cls, since: int) -> "Count":
        """Count in the caller's transaction, which must see one moment; one kind of measure after the other."""
        head = Head.now()
        count = cls(since, campaign().figure_step, head.size, head.counter)
        count._count_days()
        if count.told >= count.step:
            for rows in (_reports(), _symptoms(), _hotline(), _weeks(), _follow_ups(), _me_toos()):
                count._keep(_spread(rows))
        return count

    def _keep(self, counted: dict[str, Counter[str]]) -> None:
        for measure, areas in counted.items():
            self.cells |= {(area, measure): n - n % self.step for area, n in areas.items() if n >= self.step}

    def _count_days(self) -> None:
        found: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0])
        for kind, minute, claimed, many in _told_since(self.since):
            self.told += many
            if kind is Kind.COUNTED:
                found[minute.astimezone(clock.BERLIN).date()][0] += many
            elif claimed:
                found[claimed][1] += many
        self.days = {day: (here, elsewhere) for day, (here, elsewhere) in found.items()}


def _spread(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """Add each number to its district, place, state and country: a measure to its areas."""
    around = cache(gazetteer().path)
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place, district, measure, many in rows:
        areas = counted[measure]
        for area in around(place, district):
            areas[area] += many
    return counted


def _told_since(size: int) -> Iterator[Any]:  # Any: rows of these four columns
    told = (Entry.seq >= size) & Entry.kind.in_(TELLING)
    columns = (Entry.kind, Entry.minute, Entry.claimed_day)
    return paged(select(*columns, func.count()).where(told).group_by(*columns), PAGE)


def _reports() -> Iterator[Row]:
    for place, district, source, many in paged(_grouped(Report.source), PAGE):
        yield place, district, measures.REPORTS, many
        if source is Source.IMPORT:
            yield place, district, measures.IMPORTED, many


def _symptoms() -> Iterator[Row]:
    is_postgres = db.engine.dialect.name == "postgresql"
    listed = (func.json_array_elements_text if is_postgres else func.json_each)(Report.symptoms).table_valued("value")
    asked = _grouped(listed.c.value).select_from(Report).join(listed, literal(True))
    for place, district, key, many in paged(asked.where(listed.c.value.in_(campaign().symptom_keys)), PAGE):
        yield place, district, measures.symptom(key), many


def _hotline() -> Iterator[Row]:
    """Free words of imported answers are answers, but none of a choice."""
    keys = [choice.key for choice in campaign().hotline]
    answer = case((Report.hotline.in_(keys), Report.hotline), else_="").cast(String)
    silent = Report.hotline.in_(("", measures.NOT_CALLED))
    for place, district, key, many in paged(_grouped(answer).where(~silent), PAGE):
        yield place, district, measures.ANSWERED, many
        if key:
            yield place, district, measures.hotline(key), many


def _weeks() -> Iterator[Row]:
    """By the week in which it was told: for imported ones as they claim. Claims of before the campaign are in none."""
    known = weeks.since(campaign().since)
    told_at = func.coalesce(Report.claimed_at, Report.told_at)
    number: ColumnElement[int] = case(
        (told_at < weeks.begins(known[0]), -1),
        *((told_at < weeks.begins(after), index) for index, after in enumerate(known[1:])),
        else_=len(known) - 1,
    )
    for place, district, index, many in paged(_grouped(number), PAGE):
        if index >= 0:
            yield place, district, measures.week(known[index]), many


def _follow_ups() -> Iterator[Row]:
    """The latest answer of each report."""
    latest = select(func.max(FollowUp.id).label("id")).group_by(FollowUp.report_id).subquery()
    answered = (
        _grouped(FollowUp.answer)
        .select_from(latest)
        .join(FollowUp, FollowUp.id == latest.c.id)
        .join(Report, Report.id == FollowUp.report_id)
    )
    for place, district, answer, many in paged(answered, PAGE):
        yield place, district, measures.follow_up(answer), many


def _me_toos() -> Iterator[Row]:
    """What readers said of a place or a district."""
    said = select(MeToo.place_id, MeToo.symptom, func.count()).group_by(MeToo.place_id, MeToo.symptom)
    for key, symptom, many in paged(said, PAGE):
        area = gazetteer().area(key)
        district = key if area and area.parent and gazetteer().get(area.parent) else None
        place = area.parent if area and district else key
        yield place, district, measures.me_too(symptom), many


def _grouped(what: Any) -> Select[Any]:  # Any: a column of any type
    columns = (Report.place_id, Report.district_id, what)
    return select(*columns, func.count()).where(Report.state == State.COUNTED).group_by(*columns)
