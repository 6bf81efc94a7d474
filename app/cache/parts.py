"""Parts of public pages, kept under what they depend on, as fresh as the versions by which their page is known.

A page made anew, because the counter rose, takes from here what has not changed with it. A part never lives longer
than a page would that says the same: it is stamped with the same versions, and notes again for each page what it is
made of. What a page has made is kept once that page has turned out to be everyone's.
"""

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from sys import getsizeof
from typing import Any, NamedTuple, TypeVar

from app.cache import noting
from app.cache.made import Made
from app.cache.versions import State

BUDGET = 4 * 1024**2  # bytes a process
LARGEST = 2  # so many of the largest fit; one that is larger would leave room for nothing else
WEIGHT = 1024  # bytes that a part takes besides its text
MOST = 600.0  # seconds for which one is used at most: rows that were changed past the site are seen after that

T = TypeVar("T", bound="str | int | tuple[int, ...]")
"""What can be kept: nothing that anybody could change, or that knows the session it was read in."""


class Moment(NamedTuple):
    """When a page is made: what is known then, and which parts there are."""

    parts: "Parts"
    may_take: bool  # pages of its kind were everyone's so far, and nobody was led here by what he has just written
    state: State
    now: float  # seconds since 1970
    ends_at: float  # when the clock brings the next change, likewise
    made: "dict[Hashable, Part]"  # for this page, and not kept yet


@dataclass(frozen=True, slots=True)
class Part:
    """One that is kept."""

    value: Any  # Any: the key says of which kind
    size: int  # bytes held
    names: frozenset[str]
    made: Made
    made_at: float
    ends_at: float

    def may_be_used(self, moment: Moment) -> bool:
        return self.made_at <= moment.now < self.ends_at and self.made.is_fresh(moment.state)


class Parts:
    """Looked into without a lock; the one that was made longest ago goes first."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.size = 0
        self._budget = budget
        self._parts: dict[Hashable, Part] = {}
        self._lock = threading.Lock()

    def find(self, key: Hashable, moment: Moment) -> Part | None:
        part = self._parts.get(key)
        return part if part is not None and part.may_be_used(moment) else None

    def keep(self, made: Mapping[Hashable, Part]) -> None:
        with self._lock:
            for key, part in made.items():
                self._drop(key)
                if part.size <= self._budget // LARGEST:
                    self._parts[key] = part
                    self.size += part.size
            while self.size > self._budget:
                self._drop(next(iter(self._parts)))

    def _drop(self, key: Hashable) -> None:
        old = self._parts.pop(key, None)
        self.size -= old.size if old else 0


def kept(key: Hashable, make: Callable[[], T], *, anywhere: bool = False) -> T:
    """What `make` answers, made once for all pages until it changes.

    The key tells all that it depends on besides the database and the posts: language, address, day. And `make` reads
    for itself what it shows, since what was read before it began is not noted of it. On a page for one reader, who may
    just have changed it through another worker, it is made anew unless it may be as old as on other pages: `anywhere`.
    """
    page = noting.noted_now()
    moment = page.moment if page else None
    if page is None or moment is None:
        return make()
    part = moment.made.get(key)
    if part is None and (moment.may_take or anywhere):
        part = moment.parts.find(key, moment)
    if part is not None:
        page.names |= part.names
        page.ends_at = min(page.ends_at, part.ends_at)
        value: T = part.value
        return value
    with noting.reading(moment) as own:
        value = make()
    page.add(own)
    if own.seconds is None:  # else it says itself that it is soon another
        moment.made[key] = _part(value, own, moment)
    return value


def _part(value: T, own: noting.Reading, moment: Moment) -> Part:
    return Part(
        value,
        WEIGHT + getsizeof(value),
        frozenset(own.names),
        Made.of(own.names, moment.state),
        moment.now,
        min(moment.ends_at, moment.now + MOST, own.ends_at),
    )
