"""Where a place lies on the map of its country."""

from math import dist

import pytest

from app.places import Place, gazetteer, maps
from tests.places.shapes import is_inside

CITIES = {
    "de": ("München", "Hannover", "Dresden", "Erfurt", "Kassel", "Leipzig", "Nürnberg", "Rostock", "Stuttgart", "Kiel"),
    "us": (
        "Denver, CO",
        "Atlanta",
        "Phoenix",
        "Dallas, TX",
        "Fresno",
        "Des Moines, IA",
        "Indianapolis",
        "Salt Lake City",
    ),
    "at": ("Graz", "Innsbruck"),
    "fr": ("Toulouse", "Dijon"),
}


@pytest.mark.parametrize("country", CITIES)
def test_a_city_lies_within_the_shape_of_its_state(country: str) -> None:
    drawn, known = maps.load(country), gazetteer(country)
    for typed in CITIES[country]:
        city = known.resolve(typed)
        assert isinstance(city, Place), typed
        region = drawn.region(known.region_of(city.state_id))
        assert region, typed
        assert is_inside(region.d, *drawn.point(city.lat, city.lon)), (typed, region.name)


def test_a_city_state_lies_at_its_label() -> None:
    drawn, known = maps.load("de"), gazetteer()
    for name in ("Berlin", "Hamburg", "Bremen"):
        city = known.resolve(name)
        assert isinstance(city, Place)
        region = drawn.region(known.region_of(city.state_id))
        assert region
        assert region.c
        assert dist(region.c, drawn.point(city.lat, city.lon)) < drawn.height / 100


@pytest.mark.parametrize("country", ["de", "us", "fr", "nz", "ru", "fj"])
def test_the_corners_of_the_earth_are_the_corners_of_the_map(country: str) -> None:
    drawn = maps.load(country)
    west, south, east, north = drawn.bbox
    assert drawn.point(north, west) == pytest.approx((0, 0))
    assert drawn.point(south, east) == pytest.approx((drawn.width, drawn.height), abs=1)


def test_every_state_of_a_place_is_a_region_of_its_map() -> None:
    for country in ("de", "us", "at", "gb", "fr", "bz", "pr"):
        regions = maps.load(country).names
        known = gazetteer(country)
        assert {known.region_of(place.state_id) for place in known} <= set(regions), country


def test_regions_drawn_in_several_shapes_are_one() -> None:
    for path in maps.MAPS.glob("*.svgpaths.json"):
        drawn = maps.load(path.name[:2])
        assert len(drawn.names) == len(drawn.regions) > 0
        assert all(region.name for region in drawn.regions)


def test_a_country_that_was_not_drawn_has_an_empty_map() -> None:
    assert maps.load("gp").regions == ()
    assert maps.load("../de").regions == ()
