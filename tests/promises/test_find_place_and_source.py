"""Whether a promise is about a place, and the way to the sentence in which it was made."""

from urllib.parse import unquote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.places import Area, gazetteer
from app.promises.places import are_about, are_wider
from app.promises.source import at_words


def _area(slug: str) -> Area:
    found = gazetteer().area_by_slug(slug)
    assert found, slug
    return found


@pytest.mark.parametrize(
    ("named", "place", "is_about", "is_wider"),
    [
        ([], "berlin", True, True),
        (["berlin"], "berlin", True, False),
        (["berlin"], "hamburg", False, False),
        (["deutschland"], "berlin", True, True),
        (["bayern"], "muenchen", True, True),
        (["muenchen"], "bayern", True, False),
        (["berlin"], "berlin-mitte", True, True),
        (["berlin-mitte"], "berlin", True, False),
        (["hamburg", "berlin"], "berlin", True, False),
        (["hamburg", "berlin"], "deutschland", True, False),
    ],
)
def test_a_promise_is_about_what_it_names_what_lies_around_and_within(
    app: Flask, named: list[str], place: str, is_about: bool, is_wider: bool
) -> None:
    with app.app_context():
        areas = [_area(slug) for slug in named]
        assert are_about(areas, _area(place)) is is_about
        assert are_wider(areas, _area(place)) is is_wider


def test_a_link_marks_the_words_it_means() -> None:
    assert at_words("/posts/netz", "Wir bauen aus – bald, in Köln-Deutz.") == (
        "/posts/netz#:~:text=Wir%20bauen%20aus%20%E2%80%93%20bald%2C%20in%20K%C3%B6ln%2DDeutz."
    )
    long = " ".join(f"Wort{number}" for number in range(40))
    assert at_words("/p", long).endswith("text=Wort0%20Wort1%20Wort2%20Wort3,Wort36%20Wort37%20Wort38%20Wort39")


@given(st.text(min_size=1).filter(str.strip))
def test_whatever_was_said_it_stays_one_fragment_with_those_words(sentence: str) -> None:
    try:
        sentence.encode()
    except UnicodeEncodeError:
        return  # half a character: no post holds it
    _, mark, text = at_words("/p", sentence).partition("#:~:text=")
    assert mark
    assert not set(text) & set("&-# ")
    begin, _, end = text.partition(",")
    words = " ".join(sentence.split())
    assert words.startswith(unquote(begin))
    assert words.endswith(unquote(end))
