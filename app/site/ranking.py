"""Where the network fails: raw counts and counts for the size of the place, side by side."""

from dataclasses import dataclass

from app.config import campaign
from app.figures.models.figure import above
from app.places import Place, gazetteer

SHOWN = 10
PER = 100_000  # inhabitants


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in a ranking."""

    rank: int
    place: Place
    count: int
    per_100k: float


def rankings() -> tuple[list[Ranked], list[Ranked]]:
    """The first places by reports, and by reports per 100,000 inhabitants; none below the minimum."""
    found = [
        (place, count) for place_id, count in above(campaign().rank_minimum) if (place := gazetteer().get(place_id))
    ]
    per_capita = [(place, count) for place, count in found if place.population > 0]
    per_capita.sort(key=lambda one: -one[1] / one[0].population)
    return _ranked(found), _ranked(per_capita)


def _ranked(places: list[tuple[Place, int]]) -> list[Ranked]:
    return [
        Ranked(rank, place, count, count * PER / place.population if place.population else 0.0)
        for rank, (place, count) in enumerate(places[:SHOWN], start=1)
    ]
