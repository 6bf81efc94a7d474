"""What the gazetteer answers with: a place, or the several places a name may mean."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality. Its `id` is the official key, its `label` names it and no other place.

    `kreis` is empty in countries that have none; `state_id` and `state` are where no state is known.
    """

    id: str
    name: str
    kreis: str
    state_id: str
    state: str
    lat: float
    lon: float
    population: int
    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that several places bear, the most populous first; a person has to choose."""

    candidates: tuple[Place, ...]
