"""The gazetteer is data, not code: whichever country's folder it is handed, it answers the same way."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Self

from flask import current_app

from app.places.area import Area, Areas, Level
from app.places.naming import bearers_of, dominant, labelled
from app.places.place import Ambiguous, Place
from app.places.prefixes import Prefixes
from app.places.spelling import readings, spell_out, spellings
from app.places.tables import State, Tables, read_country, read_folder
from app.places.typos import one_edit_away

HOME = "de"  # the country that is meant where no campaign runs
LONGEST = 200  # characters; longer is no name, and reading it must stay quick
ASIDE = ("(", "[", ",", ";", "/")

Meaning = Place | Ambiguous | None


class Gazetteer:
    """The places of one country, and what a person who types a name means."""

    def __init__(self, tables: Tables) -> None:
        bearers = bearers_of(tables.places)
        self._places = {place.id: place for place in labelled(tables.places, bearers)}
        self._labels = {spell_out(place.label): place for place in self}
        self._aliases = {alias: self._places[key] for alias, key in tables.aliases.items()}
        self._bearers = {way: [self._places[place.id] for place in found] for way, found in bearers.items()}
        self._prefixes = Prefixes(self, self._bearers, tables.aliases)
        self._districts = {key: tuple(one.name for one in found) for key, found in tables.districts.items()}
        self._district_names = {
            key: _district_names(self._places[key], self._districts[key]) for key in self._districts
        }
        self._states = tables.states
        self._state_ways = {code: spellings(state.name) | {*state.shorts} for code, state in tables.states.items()}
        self._elsewhere = frozenset(way for state in tables.states.values() for way in _unmistakable(state))
        self._areas = Areas(tables.country, tables.states.values(), list(self), tables.districts)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a country's folder; app/places/data/README.md says what lies in it."""
        return cls(read_folder(folder))

    def __iter__(self) -> Iterator[Place]:
        return iter(self._places.values())

    def get(self, key: str) -> Place | None:
        """The place with this id."""
        return self._places.get(key)

    def suggest(self, typed: str, limit: int = 8) -> list[Place]:
        """What to offer while someone types; names first that are closest, then most populous."""
        for folded in _readings(typed):
            if found := self._prefixes.find(folded, limit):
                return found
        return _listed(self.resolve(typed))[:limit]

    def resolve(self, typed: str) -> Meaning:
        """The place that is meant, the several that may be, or None for one we do not know.

        A name that several bear means one of them alone only if it has ten times the inhabitants
        of each other: Frankfurt is Frankfurt am Main, Neustadt has to be asked.
        """
        return self.resolve_with_district(typed)[0]

    def resolve_with_district(self, typed: str) -> tuple[Meaning, str]:
        """Like `resolve`, with the district in "Köln-Ehrenfeld" or "Berlin Kreuzberg", else ""."""
        for folded in _readings(typed):
            if candidates := self._named(folded):
                return _decide(candidates), ""
        for folded in _readings(typed):
            if (found := self._in_parts(folded, typed))[0]:
                return found
        return None, ""

    def guess(self, typed: str) -> Place | None:
        """The only place whose name of six letters or more is one slip away; to be shown as a guess."""
        ways = (way for folded in _readings(typed) if len(folded) > 5 for way in one_edit_away(folded))
        found = {place.id: place for way in ways for place in self._bearers.get(way, ())}
        return next(iter(found.values())) if len(found) == 1 else None

    def districts(self, key: str) -> tuple[str, ...]:
        """The names of a place's districts; none for an unknown or a small place."""
        return self._districts.get(key, ())

    def resolve_district(self, key: str, typed: str) -> str | None:
        """The district's proper name, with or without the city's name before it."""
        names = self._district_names.get(key, {})
        return next((names[folded] for folded in _readings(typed) if folded in names), None)

    @property
    def country(self) -> Area:
        """The whole country."""
        return self._areas.country

    @property
    def states(self) -> tuple[Area, ...]:
        """The states, the most populous first; none where the country's places lie in no state."""
        return tuple(area for area in self.children(self.country.id) if area.level == Level.STATE)

    def area(self, key: str) -> Area | None:
        """The country, state, place or district with this id."""
        return self._areas.get(key)

    def area_by_slug(self, slug: str) -> Area | None:
        """The country, state, place or district with this slug."""
        return self._areas.by_slug(slug)

    def children(self, key: str) -> tuple[Area, ...]:
        """The areas right below one, the most populous first; none below the unknown and the small."""
        return self._areas.children(key)

    def ancestors(self, key: str) -> tuple[Area, ...]:
        """The areas around one, the nearest first, up to the country."""
        return self._areas.ancestors(key)

    def state_of(self, place_id: str) -> str:
        """The id of the state a place lies in; "" for an unknown place, or where no state is known."""
        place = self.get(place_id)
        return place.state_id if place else ""

    def region_of(self, state_id: str) -> str:
        """The state's id on the map of the country; "" for an unknown state."""
        state = self._states.get(state_id)
        return state.region if state else ""

    def district_id(self, place_id: str, typed: str) -> str | None:
        """The id of the district that is meant in a place, written as `resolve_district` understands it."""
        name = self.resolve_district(place_id, typed)
        district = self._areas.district(place_id, name) if name else None
        return district.id if district else None

    def area_of(self, place_id: str, district_id: str | None = None) -> Area | None:
        """The district if it is known and lies in the place, else the place."""
        district = self.area(district_id) if district_id else None
        return district if district and district.parent == place_id else self.area(place_id)

    def path(self, place_id: str | None, district_id: str | None = None) -> tuple[str, ...]:
        """The ids of all areas that a report from there belongs to: the country always, the others as far as known."""
        area = self.area_of(place_id, district_id) if place_id else None
        return (area.id, *(above.id for above in self.ancestors(area.id))) if area else (self.country.id,)

    def _named(self, folded: str) -> tuple[Place, ...]:
        """Who bears exactly this label, alias or name."""
        known = self._labels.get(folded) or self._aliases.get(folded)
        return (known,) if known else tuple(self._bearers.get(folded, ()))

    def _in_parts(self, folded: str, typed: str) -> tuple[Meaning, str]:
        """Read "name, more", taking the longest name there is."""
        words = folded.split()
        for end in range(len(words) - 1, 0, -1):
            head, tail = " ".join(words[:end]), " ".join(words[end:])
            if candidates := tuple(self._bearers.get(head, ())) or self._named(head):
                meaning, district = self._with_more(candidates, tail)
                if not meaning and tail not in self._elsewhere:
                    meaning = _beside_an_aside(candidates, typed, head)
                return meaning, district
        return None, ""

    def _with_more(self, candidates: tuple[Place, ...], tail: str) -> tuple[Meaning, str]:
        """The rest may name a district, the Kreis or state, or a second place."""
        meant = dominant(candidates)
        if meant and (district := self.resolve_district(meant.id, tail)):
            return meant, district
        if within := tuple(place for place in candidates if tail in self._surroundings(place)):
            return _decide(within), ""
        others = self._named(tail)
        return (Ambiguous(tuple(dict.fromkeys((*candidates, *others)))) if others else None), ""

    def _surroundings(self, place: Place) -> frozenset[str]:
        kreis = spellings(place.kreis)
        prefixed = {f"{word} {name}" for word in ("kreis", "landkreis", "lk", "kr") for name in kreis}
        return kreis | prefixed | self._state_ways.get(place.state_id, frozenset())


def gazetteer(country: str | None = None) -> Gazetteer:
    """The gazetteer of a country, or of the running campaign's; raises UnknownCountry."""
    return _of(country or _country_of_the_campaign())


@cache
def _of(country: str) -> Gazetteer:
    """Read once in a process."""
    return Gazetteer(read_country(country))


def _country_of_the_campaign() -> str:
    campaign = current_app.extensions.get("campaign") if current_app else None
    return campaign.country if campaign else HOME


def _readings(typed: str) -> tuple[str, ...]:
    return tuple(filter(None, readings(typed))) if len(typed) <= LONGEST else ()


def _decide(candidates: tuple[Place, ...]) -> Place | Ambiguous:
    return dominant(candidates) or Ambiguous(candidates)


def _listed(meaning: Meaning) -> list[Place]:
    match meaning:
        case Place():
            return [meaning]
        case Ambiguous(candidates):
            return list(candidates)
    return []


def _unmistakable(state: State) -> frozenset[str]:
    """Ways to write a state after which no place of another is meant: "Washington, PA" is not the capital."""
    return spellings(state.name) | {short for short in state.shorts if len(short) == 2}


def _beside_an_aside(candidates: tuple[Place, ...], typed: str, head: str) -> Meaning:
    """ "Hamburg (überall)" is Hamburg; "Essen (Dorf)" may mean the smaller one, so it is asked."""
    cuts = (typed.partition(mark)[0] for mark in ASIDE if mark in typed)
    if not any(head in readings(cut) for cut in cuts):
        return None
    return candidates[0] if len(candidates) == 1 else Ambiguous(candidates)


def _district_names(place: Place, districts: tuple[str, ...]) -> dict[str, str]:
    """Folded ways to write a district to its name; the city's name may stand before it or be left out."""
    names = {way: name for name in districts for way in spellings(name)}
    cities = spellings(place.name)
    with_city = {f"{city} {way}": name for city in cities for way, name in names.items()}
    bare = {way.removeprefix(f"{city} "): name for city in cities for way, name in names.items()}
    return bare | with_city | names
