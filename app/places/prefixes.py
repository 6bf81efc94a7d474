"""Finds the places whose name, or a word of it, begins with what was typed."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from heapq import nsmallest

from app.places.naming import Bearers
from app.places.place import Place
from app.places.spelling import NOT_WORD, inner_words, spellings

EXACT, BEGINS, WITHIN = range(3)
AFTER_EVERY_LETTER = "\U0010ffff"


class Prefixes:
    """A sorted list of spellings; each points at a place by its rank in population."""

    def __init__(self, places: Iterable[Place], bearers: Bearers, aliases: Mapping[str, str]) -> None:
        self._ranked = sorted(places, key=lambda place: (-place.population, place.label))
        ranks = {place.id: rank for rank, place in enumerate(self._ranked)}
        entries = {entry for place in self._ranked for entry in _entries(place, ranks[place.id])}
        entries |= {(way, BEGINS, ranks[place.id]) for way, named in bearers.items() for place in named}
        entries |= {(alias, BEGINS, ranks[key]) for alias, key in aliases.items()}
        self._entries = sorted(entries)
        self._keys = [key for key, _, _ in self._entries]

    def find(self, folded: str, limit: int) -> list[Place]:
        """Exact names first, then beginnings, then later words; within each by population."""
        start = bisect_left(self._keys, folded)
        end = bisect_left(self._keys, folded + AFTER_EVERY_LETTER, start)
        best: dict[int, int] = {}
        for key, kind, rank in self._entries[start:end]:
            found = EXACT if kind == BEGINS and key == folded else kind
            if found < best.get(rank, WITHIN + 1):
                best[rank] = found
        closest = nsmallest(limit, ((kind, rank) for rank, kind in best.items()))
        return [self._ranked[rank] for _, rank in closest]


def _entries(place: Place, rank: int) -> Iterable[tuple[str, int, int]]:
    if place.label != place.name:
        yield from ((key, BEGINS, rank) for key in spellings(place.label))
    for name in spellings(place.name) if NOT_WORD.search(place.name) else ():
        yield from ((key, WITHIN, rank) for key in inner_words(name))
