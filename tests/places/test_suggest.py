"""What is offered while someone types a place."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.places import gazetteer
from app.places.views import bp


@pytest.fixture(scope="module")
def street() -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(bp)
    return app.test_client()


def offered(typed: str) -> list[str]:
    return [place.label for place in gazetteer().suggest(typed)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("mün", "München"),
        ("muen", "München"),
        ("mun", "München"),
        ("HH", "Hamburg"),
        ("colo", "Köln"),
        ("frankfurt", "Frankfurt am Main"),
        ("halle", "Halle (Saale)"),
        ("st. aug", "Sankt Augustin"),
        ("Neustadt (Hes", "Neustadt (Hessen)"),
        ("rübenb", "Neustadt am Rübenberge"),
        ("Köln-Ehrenfeld", "Köln"),
    ],
)
def test_the_place_that_is_most_likely_meant_comes_first(typed: str, first: str) -> None:
    assert offered(typed)[0] == first


def test_an_exact_name_comes_before_a_larger_place_that_only_begins_so() -> None:
    assert offered("ulm")[0] == "Ulm"
    assert offered("hamm").index("Hamm") < offered("hamm").index("Hammelburg")


def test_places_of_one_name_show_their_kreis() -> None:
    assert {"Friedberg (Wetteraukreis)", "Friedberg (Kreis Aichach-Friedberg)"} <= set(offered("Friedberg"))


def test_no_more_are_offered_than_asked_for() -> None:
    assert len(gazetteer().suggest("ne")) == 8
    assert len(gazetteer().suggest("ne", limit=3)) == 3


@given(st.text(max_size=300))
def test_whatever_is_typed_at_most_eight_are_offered(typed: str) -> None:
    assert len(gazetteer().suggest(typed)) <= 8


def test_every_label_offers_its_own_place() -> None:
    largest = sorted(gazetteer(), key=lambda place: -place.population)[:500]
    assert [place.label for place in largest if place not in gazetteer().suggest(place.label)] == []


def test_the_form_gets_id_name_and_label_and_keeps_them_for_an_hour(street: FlaskClient) -> None:
    answer = street.get("/places/suggest?q=HH")
    assert answer.json == [{"id": "02000000", "name": "Hamburg", "label": "Hamburg"}]
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["ETag"]


@pytest.mark.parametrize("query", ["", "?q=", "?q=a", "?q=+a+", "?q=" + "a" * 101, "?q=%00%00", "?q=%ff%fe"])
def test_a_question_too_short_too_long_or_senseless_gets_an_empty_list(street: FlaskClient, query: str) -> None:
    answer = street.get(f"/places/suggest{query}")
    assert (answer.status_code, answer.json) == (200, [])


def test_the_districts_of_a_place_are_a_list_of_names(street: FlaskClient) -> None:
    answer = street.get("/places/02000000/districts.json")
    assert answer.get_json()[:2] == ["Allermöhe", "Alsterdorf"]
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert street.get("/places/01051001/districts.json").json == []
    assert street.get("/places/nowhere/districts.json").status_code == 404
