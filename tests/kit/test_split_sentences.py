"""Plain text cut into sentences, in German and English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import sentences


@pytest.mark.parametrize(
    "whole",
    [
        ["Das kommt am 12. November 2011.", "Der Rest folgt bis zum 3. Quartal."],
        ["Wir bauen z. B. in Berlin, d. h. bald.", "Dann sehen wir weiter."],
        ["Dr. J. Müller (Nr. 4, ca. 3 Mio. Euro) sagte das.", "Es stimmt."],
        ["„Wird schon gehen.“", "So klang das!", "Und nun?", "Wir warten …"],
        ["Die Zahl stieg seit 2011.", "Sie steigt weiter."],
        ["We met Mr. Smith on Nov. 12, at 8 p.m. sharp.", "The rest is known, e.g. Berlin."],
        ["It holds for masts, cables etc. and more.", "No.", "We will not stop."],
        ["Wir kennen 6.000 Meldungen auf www.o2.example.", "Das genügt."],
        ["Was geht nicht? fragte sie nie.", "(Es ging alles.)", "– Ende"],
        ["Er wurde 12.", "Dann kam 13."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(whole: list[str]) -> None:
    assert sentences.split("  ".join(whole)) == whole


@given(st.text(alphabet="Ab1. !?“„\n\t", max_size=60))
def test_nothing_of_a_text_is_lost_by_cutting_it(text: str) -> None:
    assert " ".join(sentences.split(text)) == " ".join(text.split())
