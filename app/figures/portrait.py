"""The portrait of an area: everything that was published of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.config import Words, campaign
from app.figures.models import measures, weeks
from app.figures.published import Published
from app.figures.quota import Quota
from app.places import Area
from app.reports.models import Answer

BELOW = 100  # places of a state, districts of a city
WEEKS = 52


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with what it is of; 0 means that it was below one step."""

    key: str
    label: Words
    value: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """The figures of an area as of a batch."""

    area: Area
    reports: int
    imported: int
    symptoms: list[Bar]
    hotline: list[Bar]
    me_toos: list[Bar]
    follow_ups: list[tuple[Answer, int]]
    weeks: list[tuple[date, int]]
    quota: Quota | None
    below: list[tuple[Area, int]]

    @property
    def has_follow_ups(self) -> bool:
        return any(value for _, value in self.follow_ups)


def portrait(area: Area, figures: Published, cells: dict[str, int]) -> Portrait:
    """The portrait that the cells of an area make."""
    own = campaign()
    return Portrait(
        area=area,
        reports=cells.get(measures.REPORTS, 0),
        imported=cells.get(measures.IMPORTED, 0),
        symptoms=_bars((one.key, one.label, cells.get(measures.symptom(one.key), 0)) for one in own.symptoms),
        hotline=_bars(
            (one.key, one.label, cells.get(measures.hotline(one.key), 0))
            for one in own.hotline
            if one.key != measures.NOT_CALLED
        ),
        me_toos=_bars((one.key, one.label, cells.get(measures.me_too(one.key), 0)) for one in own.symptoms),
        follow_ups=[(answer, cells.get(measures.follow_up(answer), 0)) for answer in Answer],
        weeks=[(monday, cells.get(measures.week(monday), 0)) for monday in _mondays(figures)],
        quota=figures.quota(area.id),
        below=figures.below(area, BELOW),
    )


def _mondays(figures: Published) -> list[date]:
    return weeks.since(campaign().since, figures.batch.made_on)[-WEEKS:]


def _bars(found: Iterable[tuple[str, Words, int]]) -> list[Bar]:
    return sorted((Bar(*one) for one in found), key=lambda bar: -bar.value)
