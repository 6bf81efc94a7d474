"""Reads a country: places, states, Kreise, districts, aliases; app/places/data/README.md says what lies where."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from app.places import maps
from app.places.place import Place
from app.places.spelling import fold, readings, slugify

DATA = Path(__file__).parent / "data"
WORLD = DATA / "world" / "places.csv.gz"


class UnknownCountry(Exception):
    """There is neither a folder with places nor a line in the table of the world for this country."""

    def __init__(self, code: str) -> None:
        super().__init__(f'no places are known in "{code}"; the ISO code of a country is expected, like de, us or gb')


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO code in capitals, named as it names itself where its letters are Latin."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class State:
    """A first-level region; `shorts` are its folded abbreviations, `region` is its id on the map or ""."""

    code: str
    name: str
    shorts: tuple[str, ...]
    region: str


@dataclass(frozen=True, slots=True)
class District:
    """A part of a place; without a point of its own it lies where the place does."""

    name: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Tables:
    """All that is known of a country, places still without label and slug."""

    country: Country
    states: Mapping[str, State]
    places: Sequence[Place]
    aliases: Mapping[str, str]
    districts: Mapping[str, list[District]]


def read_country(code: str) -> Tables:
    """A country's own folder; what it lacks comes from the table of the world. Raises UnknownCountry."""
    folder = DATA / code
    if (folder / "places.csv").is_file():
        return read_folder(folder)
    states, places = _read_world(code)
    return Tables(_country(code), states, places, _read_aliases(folder), _read_districts(folder))


def require_country(code: str) -> None:
    """Raise UnknownCountry unless `read_country` would find places."""
    if not (DATA / code / "places.csv").is_file() and code.upper() not in _world():
        raise UnknownCountry(code)


def read_folder(folder: Path) -> Tables:
    """A country all of whose places lie in a folder; only `places.csv` has to be there."""
    states = _read_states(folder)
    places = _read_places(folder, states)
    return Tables(_country(folder.name), states, places, _read_aliases(folder), _read_districts(folder))


def _country(code: str) -> Country:
    """Its name in its own language; in English where the places' Latin letters would not match it."""
    iso = code.upper()
    own = _territory(f"und_{iso}", iso)
    return Country(iso, own if slugify(own) else _territory("en", iso))


def _territory(language: str, iso: str) -> str:
    try:
        return str(Locale.parse(language).territories.get(iso, iso))
    except (LookupError, ValueError):  # no such country, or a folder that is not called after one
        return iso


def _read_states(folder: Path) -> dict[str, State]:
    return {
        row["code"]: State(row["code"], row["name"], _shorts(row["short"]), row.get("iso", ""))
        for row in _rows(folder / "states.csv")
    }


def _shorts(joined: str) -> tuple[str, ...]:
    return tuple(fold(short) for short in joined.split(";"))


def _read_places(folder: Path, states: Mapping[str, State]) -> list[Place]:
    """The official key begins with that of the state and of the Kreis."""
    kreise = {row["ags5"]: row["name"].split(", ")[0] for row in _rows(folder / "kreise.csv")}
    return [
        _place(row, _key(row), kreise.get(_key(row)[:5], ""), states.get(_key(row)[:2]))
        for row in _rows(folder / "places.csv")
    ]


def _read_world(code: str) -> tuple[dict[str, State], list[Place]]:
    """The country's states, named as on its map, and its places of 15,000 inhabitants and more."""
    rows = _world().get(code.upper())
    if not rows:
        raise UnknownCountry(code)
    names = maps.load(code).names
    states = {row["region"]: _state_on_map(row["region"], code.upper(), names) for row in rows if row["region"]}
    places = [_place(row, row["geonameid"], "", states.get(row["region"])) for row in rows]
    return {state.code: state for state in states.values()}, places


def _place(row: Mapping[str, str], key: str, kreis: str, state: State | None) -> Place:
    return Place(
        id=key,
        name=row["name"],
        kreis=kreis,
        state_id=state.code if state else "",
        state=state.name if state else "",
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        population=int(row["population"]),
        slug="",
        label="",
    )


def _state_on_map(region: str, country: str, names: Mapping[str, str]) -> State:
    """ "US-IL" is the state IL, which people abbreviate so; "AT-9" is 9, which is no abbreviation.

    "SV-SV" stays whole, as SV is the country; so does a region that is not called after its country.
    """
    code = region.removeprefix(f"{country}-")
    code = region if code == country else code
    return State(code, names[region], (fold(code),) if code.isalpha() else (), region)


def _world() -> dict[str, list[dict[str, str]]]:
    with gzip.open(WORLD, "rt", encoding="utf-8", newline="") as file:
        found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        for row in csv.DictReader(file):
            found[row["cc"]].append(row)
    return found


def _read_aliases(folder: Path) -> dict[str, str]:
    """What people write instead of a name, folded, to the place's id."""
    return {way: _key(row) for row in _rows(folder / "aliases.csv") for way in readings(row["alias"])}


def _read_districts(folder: Path) -> dict[str, list[District]]:
    """A place's id to its districts, in alphabetical order."""
    found: defaultdict[str, dict[str, District]] = defaultdict(dict)
    cities: dict[str, str] = {}
    for row in _rows(folder / "districts.csv"):
        lat, lon = (float(row[axis]) if row[axis] else None for axis in ("lat", "lon"))
        found[_key(row)].setdefault(row["district"], District(row["district"], lat, lon))
        cities[_key(row)] = row["city"]
    return {key: _once(cities[key], districts.values()) for key, districts in found.items()}


def _once(city: str, districts: Iterable[District]) -> list[District]:
    """The same district listed as "Köpenick" and as "Berlin Köpenick" is one."""
    doubled = {f"{fold(city)} {fold(district.name)}" for district in districts}
    kept = (district for district in districts if fold(district.name) not in doubled)
    return sorted(kept, key=lambda district: fold(district.name))


def _key(row: Mapping[str, str]) -> str:
    """The place's id, which Germany's tables call by its official name."""
    return row["ags"] if "ags" in row else row["id"]


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table; none where a country has no such table."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
