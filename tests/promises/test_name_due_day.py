"""The last day that the words of a due date can mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.promises.due import last_day

SAID_ON = date(2011, 11, 29)  # a Tuesday


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ("im Lauf des Jahres", "2011-12-31"),
        ("noch im Laufe dieses Jahres", "2011-12-31"),
        ("noch in diesem Jahr", "2011-12-31"),
        ("in the course of the year", "2011-12-31"),
        ("still in the course of this year", "2011-12-31"),
        ("bis Jahresende", "2011-12-31"),
        ("by the end of the year", "2011-12-31"),
        ("im kommenden Jahr", "2012-12-31"),
        ("im Laufe des kommenden Jahres", "2012-12-31"),
        ("in the course of the coming year", "2012-12-31"),
        ("next year", "2012-12-31"),
        ("Anfang nächsten Jahres", "2012-03-31"),
        ("Mitte nächsten Jahres", "2012-07-31"),
        ("in den nächsten Monaten", "2012-02-29"),
        ("in the next few months", "2012-02-29"),
        ("In den kommenden Wochen", "2012-01-10"),
        ("in the coming days", "2011-12-13"),
        ("nächsten Monat", "2011-12-31"),
        ("next week", "2011-12-11"),
        ("this week", "2011-12-04"),
        ("innerhalb von sechs Wochen", "2012-01-10"),
        ("in the next six months", "2012-05-29"),
        ("bis Ende März", "2012-03-31"),
        ("by the end of March 2013", "2013-03-31"),
        ("Mitte März 2012", "2012-03-20"),
        ("early December", "2011-12-10"),
        ("Anfang November", "2012-11-10"),
        ("by May", "2012-05-31"),
        ("Q1 2012", "2012-03-31"),
        ("im ersten Quartal", "2012-03-31"),
        ("the fourth quarter of 2012", "2012-12-31"),
        ("im zweiten Halbjahr 2012", "2012-12-31"),
        ("first half of 2012", "2012-06-30"),
        ("im Frühjahr", "2012-05-31"),
        ("winter 2012", "2013-02-28"),
        ("2012", "2012-12-31"),
        ("2012-03-01", "2012-03-01"),
        ("zum 1. März", "2012-03-01"),
        ("bis 1.3.2012", "2012-03-01"),
        ("March 1, 2012", "2012-03-01"),
        ("1st of March 2012", "2012-03-01"),
        ("morgen", "2011-11-30"),
    ],
)
def test_vague_words_mean_a_last_day_in_both_languages(words: str, last: str) -> None:
    assert last_day(words, SAID_ON) == date.fromisoformat(last)


@pytest.mark.parametrize(
    "words",
    [
        *("", "bald", "soon", "so schnell wie möglich", "schrittweise", "in Planung", "we may do it", "vier Augen"),
        *("31. Februar 2012", "Ende 2010", "2011-11-28", "9999-99-99", "2012-13-01"),
    ],
)
def test_words_that_name_no_day_to_come_mean_none(words: str) -> None:
    assert last_day(words, SAID_ON) is None


def test_a_season_or_month_is_the_next_one_when_it_was_said_late_in_the_year() -> None:
    assert last_day("bis Ende März", date(2012, 3, 31)) == date(2012, 3, 31)
    assert last_day("bis Ende März", date(2012, 4, 1)) == date(2013, 3, 31)
    assert last_day("bis Ende Februar", date(2011, 12, 24)) == date(2012, 2, 29)


PIECES = [
    *("im", "Lauf", "des", "Jahres", "der", "nächsten", "kommenden", "3", "31.", "12", "Monaten", "Ende", "März"),
    *("Mitte", "Februar", "Q4", "2012", "99999", "winter", "year", "the", "of", "weeks"),
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join) | st.text(max_size=40),
    st.dates(date(1970, 1, 1), date(9998, 12, 31)),
)
def test_whatever_is_said_the_day_is_none_before_it_was_said(words: str, said_on: date) -> None:
    found = last_day(words, said_on)
    assert found is None or found >= said_on
