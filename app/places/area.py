"""The country as a tree: country, states, places, districts, each with an id and a slug of its own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, count

from app.places.place import Place
from app.places.spelling import slugify
from app.places.tables import Country, District, State

LONGEST_ID = 60  # characters; tables that name an area by its id are made for so many


class Level(StrEnum):
    """How far down the tree an area is."""

    COUNTRY = "country"
    STATE = "state"
    PLACE = "place"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the country, or all of it.

    `id` is the ISO code of the country, the code of the state, the place's id, or "<place's id>/<district>".
    `label` names it without its parents around it; `slug` is its own on every level. A district's population
    is not known, and a state or a country lies at no one point.
    """

    id: str
    level: Level
    name: str
    label: str
    slug: str
    parent: str | None
    population: int | None
    lat: float | None = None
    lon: float | None = None


class Areas:
    """All areas of a country; places keep their slugs, the other levels take what is left."""

    def __init__(
        self,
        country: Country,
        states: Iterable[State],
        places: Sequence[Place],
        districts: Mapping[str, list[District]],
    ) -> None:
        self._slugs = {place.slug for place in places}
        inhabitants: defaultdict[str, int] = defaultdict(int)
        for place in places:
            inhabitants[place.state_id] += place.population
        self.country = self._country(country, sum(inhabitants.values()))
        found = [self.country]
        found += (self._state(state, inhabitants[state.code]) for state in states if state.code in inhabitants)
        found += (self._place(place) for place in places)
        found += (area for place in places for area in self._districts(place, districts.get(place.id, ())))
        self._by_id = {area.id: area for area in found}
        self._by_slug = {area.slug: area for area in found}
        self._children = _children(found)

    def get(self, key: str) -> Area | None:
        return self._by_id.get(key)

    def by_slug(self, slug: str) -> Area | None:
        return self._by_slug.get(slug)

    def children(self, key: str) -> tuple[Area, ...]:
        """The areas right below, the most populous first."""
        return self._children.get(key, ())

    def ancestors(self, key: str) -> tuple[Area, ...]:
        """The areas around, the nearest first, up to the country."""
        return tuple(self._upwards(key))

    def district(self, place_id: str, name: str) -> Area | None:
        """A place's district by its proper name."""
        return next((area for area in self.children(place_id) if area.name == name), None)

    def _upwards(self, key: str) -> Iterator[Area]:
        here = self.get(key)
        while here and here.parent and (here := self.get(here.parent)):
            yield here

    def _country(self, country: Country, population: int) -> Area:
        slug = slugify(country.name)
        slug = self._claim(slug, f"country-{slug}")
        return Area(country.code, Level.COUNTRY, country.name, country.name, slug, None, population)

    def _state(self, state: State, population: int) -> Area:
        """A city state has its city's name: the place keeps the slug, the state is "state-hamburg"."""
        slug = slugify(state.name) or slugify(state.code)
        slug = self._claim(slug, f"state-{slug}", f"state-{slug}-{slugify(state.code)}")
        return Area(state.code, Level.STATE, state.name, state.name, slug, self.country.id, population)

    def _place(self, place: Place) -> Area:
        parent = place.state_id or self.country.id
        at = (place.lat, place.lon)
        return Area(place.id, Level.PLACE, place.name, place.label, place.slug, parent, place.population, *at)

    def _districts(self, place: Place, districts: Iterable[District]) -> Iterator[Area]:
        ids: set[str] = set()
        for district in districts:
            name = slugify(district.name)[: LONGEST_ID - len(place.id) - 4]
            key = next(way for way in _numbered(f"{place.id}/{name}") if way not in ids)
            ids.add(key)
            slug = self._claim(*(f"{place.slug}-{name}{tail}" for tail in ("", "-district")))
            label = f"{district.name} ({place.label})"
            lat, lon = (place.lat, place.lon) if district.lat is None else (district.lat, district.lon)
            yield Area(key, Level.DISTRICT, district.name, label, slug, place.id, None, lat, lon)

    def _claim(self, *ways: str) -> str:
        """The first of the slugs that nobody has."""
        slug = next(way for way in chain(ways, _numbered(ways[-1])) if way not in self._slugs)
        self._slugs.add(slug)
        return slug


def _numbered(text: str) -> Iterator[str]:
    yield text
    yield from (f"{text}-{number}" for number in count(2))


def _children(areas: Iterable[Area]) -> dict[str, tuple[Area, ...]]:
    below: defaultdict[str, list[Area]] = defaultdict(list)
    for area in areas:
        if area.parent:
            below[area.parent].append(area)
    return {key: tuple(sorted(found, key=lambda area: -(area.population or 0))) for key, found in below.items()}
