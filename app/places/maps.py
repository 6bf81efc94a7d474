"""The map of a country: its regions as shapes, and where on it a point of the earth lies."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import log, pi, radians, tan
from pathlib import Path
from typing import Any

MAPS = Path(__file__).parent / "data" / "maps"


@dataclass(frozen=True, slots=True)
class Region:
    """A region's id ("DE-BY"), name, outline as SVG path data, and the point where its name may stand."""

    id: str
    name: str
    d: str
    c: tuple[float, float] | None


@dataclass(frozen=True)
class Map:
    """A country in web mercator, `width` by `height` units; `bbox` is west, south, east, north, in degrees."""

    width: float
    height: float
    bbox: tuple[float, float, float, float]
    regions: tuple[Region, ...]

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point of the earth lies on the map, in its units from the upper left corner.

        Web mercator: x grows with the longitude, y with m(φ) = ln tan(π/4 + φ/2), both to one scale.
        """
        west, _, east, north = self.bbox
        scale = self.width / radians(east - west)
        return radians(lon - west) * scale, (_mercator(north) - _mercator(lat)) * scale

    def region(self, key: str) -> Region | None:
        """The region with this id."""
        return self._by_id.get(key)

    @property
    def names(self) -> Mapping[str, str]:
        """A region's id to its name."""
        return {region.id: region.name for region in self.regions}

    @cached_property
    def _by_id(self) -> dict[str, Region]:
        return {region.id: region for region in self.regions}


NOWHERE = Map(0, 0, (0, 0, 0, 0), ())


@cache
def load(country: str) -> Map:
    """The map of a country by its ISO code, read once in a process; an empty one where none was drawn."""
    path = MAPS / f"{country.upper()}.svgpaths.json"
    if not path.is_file():
        return NOWHERE
    drawn = json.loads(path.read_text("utf-8"))
    _, _, width, height = drawn["viewBox"]
    shapes = (shape for layer in drawn["layers"].values() for shape in layer)
    return Map(width, height, tuple(drawn["bbox"]), _regions(list(shapes)))


def _regions(shapes: list[dict[str, Any]]) -> tuple[Region, ...]:  # Any: JSON values
    """The shapes; where one id stands at several, a single region of them all."""
    regions: dict[str, Region] = {}
    for shape in shapes:
        key, point = shape["id"], shape["c"]
        known = regions.get(key)
        regions[key] = Region(
            id=key,
            name=known.name if known else shape["name"] or shape["en"] or key,
            d=known.d + shape["d"] if known else shape["d"],
            c=known.c if known and known.c else tuple(point) if point else None,
        )
    return tuple(regions.values())


def _mercator(lat: float) -> float:
    return log(tan(pi / 4 + radians(lat) / 2))
