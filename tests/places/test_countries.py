"""Another country is another table, not other code."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import InvalidConfig, Settings
from app.places import Ambiguous, Place, gazetteer
from app.places.tables import UnknownCountry


def label(typed: str, country: str = "us") -> str | None:
    meaning = gazetteer(country).resolve(typed)
    assert not isinstance(meaning, Ambiguous), meaning
    return meaning.label if meaning else None


@pytest.fixture
def american(environ: dict[str, str]) -> dict[str, str]:
    """The environment of a campaign in the United States."""
    instance = Path(environ["EINZELFALL_INSTANCE"])
    instance.mkdir(parents=True)
    (instance / "campaign.toml").write_text('country = "us"\n', "utf-8")
    return environ


@pytest.mark.parametrize("typed", ["Springfield, IL", "Springfield, Illinois", "springfield (il)", "Springfield IL"])
def test_the_state_tells_places_of_one_name_apart(typed: str) -> None:
    assert label(typed) == "Springfield (Illinois)"


def test_a_name_in_several_states_has_to_be_asked() -> None:
    meaning = gazetteer("us").resolve("Springfield")
    assert isinstance(meaning, Ambiguous)
    assert {"Springfield (Missouri)", "Springfield (Illinois)"} <= {place.label for place in meaning.candidates}


@pytest.mark.parametrize("typed", ["Washington, Pennsylvania", "Washington, PA", "Springfield, Vermont"])
def test_a_place_is_never_taken_for_its_namesake_in_another_state(typed: str) -> None:
    assert label(typed) is None


def test_a_river_that_is_also_short_for_a_state_still_leads_to_the_town() -> None:
    assert label("Saarburg/Saar", "de") == "Saarburg"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("NYC", "New York City"),
        ("New York, NY", "New York City"),
        ("New York, New York", "New York City"),
        ("LA", "Los Angeles"),
        ("Baton Rouge, LA", "Baton Rouge"),
        ("Washington, D.C.", "Washington"),
        ("Philly", "Philadelphia"),
        ("St. Paul", "Saint Paul"),
        ("Saint Louis, Missouri", "St. Louis"),
        ("Ft. Lauderdale", "Fort Lauderdale"),
        ("Washington", "Washington"),
        ("Minneapolis (downtown)", "Minneapolis"),
    ],
)
def test_american_short_forms_and_states_are_understood(typed: str, meant: str) -> None:
    assert label(typed) == meant


def test_accents_and_strokes_of_other_languages_may_be_left_out() -> None:
    assert label("Lodz", "pl") == label("Łódź", "pl") == "Łódź"
    assert gazetteer("pl").area_by_slug("lodz") == gazetteer("pl").children("LD")[0]


@pytest.mark.parametrize("country", ["us", "at", "gb", "fr", "pl"])
def test_every_place_is_meant_by_its_own_label(country: str) -> None:
    known = gazetteer(country)
    assert [place for place in known if known.resolve(place.label) != place] == []


def test_a_country_is_named_in_its_own_words_where_its_letters_are_latin() -> None:
    names = {code: gazetteer(code).country.name for code in ("de", "us", "at", "jp")}
    assert names == {"de": "Deutschland", "us": "United States", "at": "Österreich", "jp": "Japan"}


def test_the_form_suggests_places_of_the_campaigns_country(american: dict[str, str], client: FlaskClient) -> None:
    found = client.get("/places/suggest?q=springf").get_json()
    assert {"id": "4250542", "name": "Springfield", "label": "Springfield (Illinois)"} in found
    assert client.get("/places/suggest?q=muenchen").get_json() == []


def test_home_is_meant_where_no_campaign_runs_and_the_campaigns_country_where_one_does(
    american: dict[str, str], app: Flask
) -> None:
    assert isinstance(gazetteer().resolve("Bielefeld"), Place)
    with app.app_context():
        assert gazetteer() is gazetteer("us")


@pytest.mark.parametrize("country", ["zz", "uk", "DE", "../", ""])
def test_an_unknown_country_is_refused_at_start_and_says_what_is_expected(
    environ: dict[str, str], country: str
) -> None:
    instance = Path(environ["EINZELFALL_INSTANCE"])
    instance.mkdir(parents=True)
    (instance / "campaign.toml").write_text(f'country = "{country}"\n', "utf-8")
    with pytest.raises(InvalidConfig, match=r"country: .*like de, us or gb"):
        create_app(Settings.load(environ))


def test_a_country_nobody_knows_has_no_gazetteer() -> None:
    with pytest.raises(UnknownCountry):
        gazetteer("zz")
