"""The gazetteer is data, not code: whichever country's folder it is handed, it answers the same way."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Self

from app.places.naming import bearers_of, dominant, labelled
from app.places.place import Ambiguous, Place
from app.places.prefixes import Prefixes
from app.places.spelling import readings, spell_out, spellings
from app.places.tables import read_aliases, read_districts, read_places, read_state_shorts
from app.places.typos import one_edit_away

GERMANY = Path(__file__).parent / "data" / "de"
LONGEST = 200  # characters; longer is no name, and reading it must stay quick
ASIDE = ("(", "[", ",", ";", "/")

Meaning = Place | Ambiguous | None


class Gazetteer:
    """The places of one country, and what a person who types a name means."""

    def __init__(
        self,
        places: list[Place],
        aliases: Mapping[str, str],
        districts: Mapping[str, tuple[str, ...]],
        state_shorts: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._places = {place.id: place for place in labelled(places)}
        self._labels = {spell_out(place.label): place for place in self}
        self._aliases = {alias: self._places[key] for alias, key in aliases.items()}
        self._bearers = bearers_of(self)
        self._prefixes = Prefixes(self, self._bearers, aliases)
        self._districts = districts
        self._district_names = {key: _district_names(self._places[key], districts[key]) for key in districts}
        self._state_shorts = state_shorts

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a country's folder; app/places/data/README.md says what lies in it."""
        districts, shorts = read_districts(folder), read_state_shorts(folder)
        return cls(read_places(folder), read_aliases(folder), districts, shorts)

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

    def district_id(self, key: str, typed: str) -> str | None:
        name = self.resolve_district(key, typed)
        return f"{key}/{spell_out(name).replace(' ', '-')}" if name else None

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
                return meaning or _beside_an_aside(candidates, typed, head), district
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
        return kreis | prefixed | spellings(place.state) | {*self._state_shorts.get(place.state, ())}


@cache
def gazetteer(folder: Path = GERMANY) -> Gazetteer:
    """The gazetteer of a folder, read once in a process."""
    return Gazetteer.load(folder)


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
