"""Reads a country's folder: places, Kreise, states, districts, aliases."""

import csv
from collections import defaultdict
from pathlib import Path

from app.places.place import Place
from app.places.spelling import fold, readings


def read_places(folder: Path) -> list[Place]:
    """The places of the folder, still without label and slug."""
    kreise = {row["ags5"]: row["name"].split(", ")[0] for row in _rows(folder / "kreise.csv")}
    states = {row["code"]: row["name"] for row in _rows(folder / "states.csv")}
    return [
        Place(
            id=row["ags"],
            name=row["name"],
            kreis=kreise[row["ags"][:5]],
            state=states[row["ags"][:2]],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            population=int(row["population"]),
            slug="",
            label="",
        )
        for row in _rows(folder / "places.csv")
    ]


def read_state_shorts(folder: Path) -> dict[str, tuple[str, ...]]:
    """A state's name to its folded abbreviations: Nordrhein-Westfalen to nw, nrw."""
    rows = _rows(folder / "states.csv")
    return {row["name"]: tuple(fold(short) for short in row["short"].split(";")) for row in rows}


def read_aliases(folder: Path) -> dict[str, str]:
    """What people write instead of a name, folded, to the place's id."""
    rows = _rows(folder / "aliases.csv")
    return {way: row["ags"] for row in rows for way in readings(row["alias"])}


def read_districts(folder: Path) -> dict[str, tuple[str, ...]]:
    """A place's id to the names of its districts, in alphabetical order."""
    districts: defaultdict[str, set[str]] = defaultdict(set)
    cities: dict[str, str] = {}
    for row in _rows(folder / "districts.csv"):
        districts[row["ags"]].add(row["district"])
        cities[row["ags"]] = row["city"]
    return {key: _once(cities[key], names) for key, names in districts.items()}


def _once(city: str, names: set[str]) -> tuple[str, ...]:
    """The same district listed as "Köpenick" and as "Berlin Köpenick" is one."""
    doubled = {f"{fold(city)} {fold(name)}" for name in names}
    return tuple(sorted((name for name in names if fold(name) not in doubled), key=fold))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
