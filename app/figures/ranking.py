"""Where the network fails: raw counts and counts for the size of the place, side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.kit import wilson
from app.places import Place

SHOWN = 25  # places of a ranking; the others are found under their states
PER = 100_000  # inhabitants


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in a ranking; places with the same number share a rank.

    The bounds are those of the Wilson score interval (95 %): the lower one from the count as published, the upper one
    from the highest count that is published so.
    """

    rank: int
    place: Place
    count: int
    per_100k: float
    low: float
    high: float


Counted = tuple[Place, int]


def ranked(places: Sequence[Counted], step: int) -> list[Ranked]:
    """The first places by reports; `places` come in that order."""
    return _ranked(places[:SHOWN], lambda one: one[1], step)


def ranked_per_capita(places: Sequence[Counted], step: int) -> list[Ranked]:
    """The first places by reports per inhabitant."""
    known = [one for one in places if one[0].population > 0]
    return _ranked(sorted(known, key=lambda one: (-_rate(one), one[0].label))[:SHOWN], _rate, step)


def _ranked(places: Sequence[Counted], by: Callable[[Counted], float], step: int) -> list[Ranked]:
    values = [by(one) for one in places]
    return [_placed(values.index(value) + 1, *one, step) for value, one in zip(values, places, strict=True)]


def _placed(rank: int, place: Place, count: int, step: int) -> Ranked:
    people = place.population
    if not people:
        return Ranked(rank, place, count, 0.0, 0.0, 0.0)
    low, _ = wilson.interval(min(count, people), people)
    _, high = wilson.interval(min(count + step - 1, people), people)
    return Ranked(rank, place, count, count * PER / people, low * PER, high * PER)


def _rate(one: Counted) -> float:
    return one[1] / one[0].population
