"""The country as a tree of areas: country, states, places, districts."""

from collections import Counter

import pytest

from app.places import Area, Gazetteer, Level, gazetteer

BERLIN, KOELN = "11000000", "05315000"


def area(key: str, country: str = "de") -> Area:
    found = gazetteer(country).area(key)
    assert found, key
    return found


def everything(country: str) -> list[Area]:
    """Every area that is reached from the country downwards."""
    known, found = gazetteer(country), [gazetteer(country).country]
    for each in found:
        found.extend(known.children(each.id))
    return found


@pytest.fixture(params=["de", "us", "at", "gb", "bz", "pr", "jp"])
def country(request: pytest.FixtureRequest) -> Gazetteer:
    """Countries with and without a folder, one named like its state, one that lies on another's map."""
    return gazetteer(request.param)


def test_an_area_is_found_by_its_id_and_by_its_slug(country: Gazetteer) -> None:
    for one in everything(country.country.id.lower()):
        assert country.area(one.id) == country.area_by_slug(one.slug) == one
        assert one.slug.isascii()
        assert one.slug.replace("-", "").isalnum()
        assert len(one.id) <= 60


def test_the_tree_holds_every_place_once_and_the_country_is_its_sum(country: Gazetteer) -> None:
    levels = Counter(one.level for one in everything(country.country.id.lower()))
    assert levels[Level.PLACE] == len(list(country))
    assert levels[Level.COUNTRY] == 1
    assert country.country.population == sum(place.population for place in country)
    assert sum(state.population or 0 for state in country.states) == country.country.population


def test_the_areas_around_a_district_lead_up_to_the_country() -> None:
    around = [(one.level, one.name) for one in gazetteer().ancestors(f"{KOELN}/ehrenfeld")]
    assert around == [
        (Level.PLACE, "Köln"),
        (Level.STATE, "Nordrhein-Westfalen"),
        (Level.COUNTRY, "Deutschland"),
    ]
    assert gazetteer().ancestors("DE") == gazetteer().ancestors("no such area") == ()


def test_a_place_keeps_its_slug_and_a_city_state_takes_another() -> None:
    assert [area(key).slug for key in ("DE", "09", "11", BERLIN)] == ["deutschland", "bayern", "state-berlin", "berlin"]
    assert all(area(place.id).slug == place.slug for place in gazetteer())


def test_districts_that_are_written_alike_have_ids_and_slugs_of_their_own() -> None:
    districts = [one for one in everything("de") if one.level == Level.DISTRICT]
    assert len({one.id for one in districts}) == len({one.slug for one in districts}) == len(districts)
    assert len(districts) == sum(len(gazetteer().districts(place.id)) for place in gazetteer()) > 1_800


def test_a_district_without_a_point_lies_where_its_city_does() -> None:
    cities = {place.id: (place.lat, place.lon) for place in gazetteer()}
    districts = [one for one in everything("de") if one.level == Level.DISTRICT]
    apart = [one for one in districts if (one.lat, one.lon) != cities[one.parent or ""]]
    assert all(one.lat and one.lon for one in districts)
    assert 1_000 < len(apart) < len(districts)
    assert area(f"{KOELN}/ehrenfeld").population is None


def test_the_most_populous_comes_first() -> None:
    assert [one.name for one in gazetteer().states[:2]] == ["Nordrhein-Westfalen", "Bayern"]
    assert gazetteer().children("09")[0].name == "München"
    assert len(gazetteer().states) == 16
    assert gazetteer().children("01051001") == gazetteer().children("no such area") == ()


def test_a_typed_district_is_found_as_an_area_of_its_place_only() -> None:
    known = gazetteer()
    assert known.district_id(KOELN, "koeln-ehrenfeld") == f"{KOELN}/ehrenfeld"
    assert known.district_id(BERLIN, "Ehrenfeld") is None
    assert known.area_of(KOELN, f"{KOELN}/ehrenfeld") == area(f"{KOELN}/ehrenfeld")
    assert known.area_of(BERLIN, f"{KOELN}/ehrenfeld") == known.area_of(BERLIN) == area(BERLIN)
    assert known.area_of("no such place") is None


def test_a_place_knows_its_state_and_the_state_its_region_on_the_map() -> None:
    assert (gazetteer().state_of(BERLIN), gazetteer().region_of("11")) == ("11", "DE-BE")
    assert (gazetteer("us").state_of("4140963"), gazetteer("us").region_of("CA")) == ("DC", "US-CA")
    assert (gazetteer().state_of("no such place"), gazetteer().region_of("no such state")) == ("", "")
