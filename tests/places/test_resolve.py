"""What a typed place means."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.places import Ambiguous, Gazetteer, Place, gazetteer

FORMS = {
    "excel_de_semicolon_cp1252.csv": ("cp1252", ";"),
    "forms_direct_de.csv": ("utf-8-sig", ","),
    "sheets_de.csv": ("utf-8-sig", ","),
    "sheets_de_full_7691.csv": ("utf-8-sig", ","),
    "sheets_en_US.csv": ("utf-8-sig", ","),
}


def label(typed: str) -> str:
    place = gazetteer().resolve(typed)
    assert isinstance(place, Place), (typed, place)
    return place.label


def candidates(typed: str) -> list[str]:
    meaning = gazetteer().resolve(typed)
    assert isinstance(meaning, Ambiguous), (typed, meaning)
    return [place.label for place in meaning.candidates]


def test_every_place_is_meant_by_its_own_label() -> None:
    assert [place for place in gazetteer() if gazetteer().resolve(place.label) != place] == []


def test_every_place_has_a_slug_of_its_own() -> None:
    slugs = Counter(place.slug for place in gazetteer())
    assert slugs.most_common(1)[0][1] == 1
    assert all(slug.replace("-", "").isalnum() and slug.isascii() for slug in slugs)


def test_every_place_lies_in_one_of_sixteen_states() -> None:
    assert len({place.state for place in gazetteer()}) == 16


@pytest.mark.parametrize(
    "typed",
    ["München", "münchen ", "MUENCHEN", "Munchen", "Munich", "MUC", "München (überall)", "Mu\u0308nchen"],
)
def test_munich_is_understood_however_it_is_written(typed: str) -> None:
    assert label(typed) == "München"


@pytest.mark.parametrize(
    "typed",
    [
        "Frankfurt",
        "Frankfurt am Main",
        "Frankfurt/Main",
        "Frankfurt/M.",
        "Frankfurt a.M.",
        "FFM",
        "Ffm",
        "F/M",
    ],
)
def test_frankfurt_is_the_one_on_the_main_unless_the_oder_is_named(typed: str) -> None:
    assert label(typed) == "Frankfurt am Main"
    assert label("Frankfurt/Oder") == label("Frankfurt a.d.O.") == "Frankfurt (Oder)"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("HH", "Hamburg"),
        ("HB", "Bremen"),
        ("Bln", "Berlin"),
        ("Berlin, Berlin", "Berlin"),
        ("Cologne", "Köln"),
        ("Nuremberg", "Nürnberg"),
        ("Hanover", "Hannover"),
        ("Brunswick", "Braunschweig"),
        ("Düdo", "Düsseldorf"),
        ("Münster (Westf.)", "Münster"),
        ("St. Augustin", "Sankt Augustin"),
        ("Mülheim an der Ruhr", "Mülheim"),
        ("Neustadt an der Weinstrasse", "Neustadt an der Weinstraße"),
        ("Halle", "Halle (Saale)"),
        ("Löhne", "Löhne"),
        ("Friedberg, Hessen", "Friedberg (Wetteraukreis)"),
        ("Friedberg (Bayern)", "Friedberg (Kreis Aichach-Friedberg)"),
    ],
)
def test_slang_postwar_spelling_and_short_forms_are_understood(typed: str, meant: str) -> None:
    assert label(typed) == meant


def test_a_name_of_several_like_places_has_to_be_asked() -> None:
    assert candidates("Friedberg") == ["Friedberg (Kreis Aichach-Friedberg)", "Friedberg (Wetteraukreis)"]
    assert len(candidates("Neustadt")) > 10


def test_two_cities_in_one_answer_have_to_be_asked() -> None:
    assert candidates("Mannheim/Heidelberg") == ["Mannheim", "Heidelberg"]


def test_an_unknown_aside_never_decides_between_places_of_one_name() -> None:
    assert candidates("Essen (Dorf)")[0] == "Essen"


@pytest.mark.parametrize(
    ("typed", "city", "district"),
    [
        ("Köln-Ehrenfeld", "Köln", "Ehrenfeld"),
        ("Berlin Kreuzberg", "Berlin", "Kreuzberg"),
        ("berlin, köpenick", "Berlin", "Köpenick"),
        ("HH-Wandsbek", "Hamburg", "Wandsbek"),
        ("Hamburg/Sankt Pauli", "Hamburg", "St. Pauli"),
        ("Muenchen (Schwabing)", "München", "Schwabing"),
    ],
)
def test_a_city_with_its_district_is_read_as_both(typed: str, city: str, district: str) -> None:
    place, found = gazetteer().resolve_with_district(typed)
    assert isinstance(place, Place)
    assert (place.label, found) == (city, district)


@pytest.mark.parametrize("typed", ["", " ", "?!", "Atlantis", "K", "zu Hause", "x" * 5000, "\0", "\ud800"])
def test_what_is_no_known_place_is_none(typed: str) -> None:
    assert gazetteer().resolve(typed) is None


def test_one_slip_is_a_guess_and_never_an_answer() -> None:
    assert gazetteer().resolve("Hambrug") is None
    guessed = gazetteer().guess("Hambrug")
    assert guessed is not None
    assert guessed.name == "Hamburg"
    assert gazetteer().guess("Koln") is None
    assert gazetteer().guess("Atlantis") is None


def test_districts_are_listed_once_and_found_with_or_without_the_city() -> None:
    berlin = "11000000"
    assert "Köpenick" in gazetteer().districts(berlin)
    assert "Berlin Köpenick" not in gazetteer().districts(berlin)
    for typed in ("Köpenick", "koepenick", "Berlin-Köpenick", "Berlin Köpenick"):
        assert gazetteer().resolve_district(berlin, typed) == "Köpenick"
    assert gazetteer().resolve_district(berlin, "Altona") is None
    assert gazetteer().districts("no such place") == ()


@pytest.mark.parametrize("name", FORMS)
def test_the_cities_of_the_form_of_2011_are_understood(shared: Path, name: str) -> None:
    encoding, delimiter = FORMS[name]
    with (shared / "data/imports/google-forms" / name).open(encoding=encoding, newline="") as file:
        typed = [row[1] for row in csv.reader(file, delimiter=delimiter)][1:]
    meanings = [gazetteer().resolve(text) for text in typed]
    assert None not in meanings
    assert sum(isinstance(meaning, Place) for meaning in meanings) / len(typed) > 0.98


@given(st.text(max_size=120))
def test_whatever_is_typed_gets_an_answer(typed: str) -> None:
    assert isinstance(gazetteer().resolve(typed), Place | Ambiguous | None)
    gazetteer().guess(typed)
    gazetteer().resolve_district("11000000", typed)


def test_another_folder_is_another_country(tmp_path: Path) -> None:
    tables = {
        "places": "ags,name,fcode,lat,lon,population\n90001000,Wien,PPLC,48.2,16.4,1900000\n",
        "kreise": "ags5,name\n90001,Wien\n",
        "states": "code,name,short\n90,Wien,W\n",
        "districts": "ags,city,district,lat,lon,src\n90001000,Wien,Josefstadt,,,own\n",
        "aliases": "alias,ags\nVienna,90001000\n",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    austria = Gazetteer.load(tmp_path)
    wien = austria.resolve("Vienna")
    assert wien == austria.get("90001000")
    assert austria.resolve_with_district("Wien-Josefstadt") == (wien, "Josefstadt")
    assert austria.resolve("Berlin") is None
