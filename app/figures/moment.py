"""Every public number as of a minute: what the ledger says exactly, and the figures that stood then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple, Self

from sqlalchemy import select

from app.config import campaign
from app.extensions import db
from app.figures.models import Batch, Day
from app.figures.models.figure import history, of_area
from app.figures.models.measures import ANSWERED, ISOLATED
from app.figures.portrait import Portrait, portrait
from app.figures.published import Published, published
from app.figures.quota import Quota
from app.kit import clock
from app.ledger.models import Checkpoint, counter_at, root_at, size_at
from app.places import gazetteer
from app.posts.front_matter import Kind
from app.posts.post import Post

EVENTS = (Kind.MILESTONE, Kind.PRESS)
DAY = timedelta(days=1)
MOST_DAYS = 120  # in a curve and its table


class Passed(NamedTuple):
    """A day: the counter at its last checkpoint, and how many had been told by its end, if a batch knows."""

    day: date
    counter: int
    told: int | None

    def is_like(self, before: Self) -> bool:
        return self.counter == before.counter and self.told in {before.told, None}


@dataclass(frozen=True)
class Moment:
    """A minute of the campaign, and what could be read at its end."""

    at: datetime
    size: int
    counter: int
    root: str
    figures: Published | None
    facts: Portrait | None

    @classmethod
    def of(cls, at: datetime) -> Self:
        size = size_at(at)
        batch = Batch.at(at)
        figures = published(batch) if batch else None
        country = gazetteer().country
        facts = portrait(country, figures, of_area(country.id, figures.batch.id)) if figures else None
        return cls(at, size, counter_at(size), root_at(size).hex(), figures, facts)

    @property
    def began(self) -> datetime:
        """The first minute of the campaign."""
        return datetime.combine(campaign().since, time(), clock.BERLIN)

    @cached_property
    def days(self) -> list[Passed]:
        """The days on which something changed, with the one before; of a long campaign only so many, evenly."""
        counters, told = self._counters(), self._told()
        today = self.at.astimezone(clock.BERLIN).date()
        counters[today] = self.counter
        known = counters.keys() | told.keys()
        before = {day - DAY for day in known if day > self.began.date()}
        found, counter, sum_ = [], 0, 0
        for day in sorted(known | before):
            counter, sum_ = counters.get(day, counter), told.get(day, sum_)
            found.append(Passed(day, counter, sum_ if self.figures and day < self.figures.batch.made_on else None))
        return _thinned(_changing(found))

    def quotas_over_time(self) -> list[tuple[date, Quota]]:
        """The quota of the whole country, batch by batch in which it changed."""
        if self.figures is None:
            return []
        batch = self.figures.batch
        values: dict[str, int] = {}
        found: dict[int, Quota] = {}
        for one in history(gazetteer().country.id, (ANSWERED, ISOLATED), batch.id):
            values[one.measure] = one.value
            quota = Quota.of(values.get(ISOLATED, 0), values.get(ANSWERED, 0), batch.step)
            found |= {one.batch_id: quota} if quota else {}
        made = select(Batch.id, Batch.made_on).where(Batch.id.in_(found))
        days = dict(db.session.execute(made).all())
        return [(days[key], quota) for key, quota in found.items()]

    def events(self, posts: Sequence[Post]) -> list[Post]:
        """Milestones and press so far, oldest first."""
        return sorted((post for post in posts if post.kind in EVENTS), key=lambda post: post.date)

    def _counters(self) -> dict[date, int]:
        """The counter at the last checkpoint of each day."""
        signed = select(Checkpoint.made_at, Checkpoint.counter).where(Checkpoint.made_at <= self.at)
        found = db.session.execute(signed.order_by(Checkpoint.size))
        return {made_at.astimezone(clock.BERLIN).date(): counter for made_at, counter in found}

    def _told(self) -> dict[date, int]:
        """How many had been told by the end of each day, as far as the last batch knows."""
        if self.figures is None:
            return {}
        total, found = 0, {}
        for day, (counted, claimed) in Day.until(self.figures.batch.id).items():
            total += counted + claimed
            if self.began.date() <= day <= self.figures.batch.made_on:
                found[day] = total
        return found


def _changing(days: list[Passed]) -> list[Passed]:
    """Without days like the one before and the one after, and without those after the last change."""
    while len(days) > 1 and days[-1].is_like(days[-2]):
        days = days[:-1]
    middle = (
        here
        for before, here, after in zip(days, days[1:], days[2:], strict=False)
        if not (here.is_like(before) and after.is_like(here))
    )
    return [*days[:1], *middle, *days[1:][-1:]]


def _thinned(days: list[Passed]) -> list[Passed]:
    """At most so many, the last one among them."""
    return days[:: -(len(days) // MOST_DAYS + 1)][::-1]


def read(text: str) -> datetime | None:
    """A minute of the campaign so far, written `2011-11-24T10:00` as clocks in Germany show it; else None."""
    try:
        local = datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=clock.BERLIN)
    except ValueError:
        return None
    if local.date() < campaign().since or local > clock.now():
        return None
    return local if write(local) == text else None  # another way to write it, or a minute that the clock left out


def write(at: datetime) -> str:
    return at.astimezone(UTC).astimezone(clock.BERLIN).strftime("%Y-%m-%dT%H:%M")
