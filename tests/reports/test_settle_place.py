"""Places that nobody knows: a person says what is meant, and the numbers follow."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.extensions import db
from app.kit import tokens
from app.ledger.models import Reason
from app.places import Place, gazetteer
from app.reports.models import (
    PlaceState,
    Report,
    Told,
    keep_as_typed,
    settle,
    unknown_places,
)
from app.reports.models.place_name import ask_again, count_unknown_places
from tests.reports.telling import by_place

TYPED = "Hambuurch Ottensen"


@pytest.fixture(autouse=True)
def running(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def hamburg() -> Place:
    meant = gazetteer().resolve("Hamburg")
    assert isinstance(meant, Place)
    return meant


def _tell(place: str) -> Report:
    report = Report.tell(Told(symptoms=("no_data",), place=place), tokens.new_key())
    db.session.commit()
    return report


def _assert_agreed(expected: dict[str, int]) -> None:
    db.session.commit()
    assert by_place() == expected


def test_spellings_wait_the_most_frequent_first() -> None:
    for place in (TYPED, "Kaff", TYPED, "Hamburg"):
        _tell(place)
    assert [(one.typed, one.reports) for one in unknown_places()] == [(TYPED, 2), ("Kaff", 1)]
    assert count_unknown_places() == 2


def test_an_ambiguous_name_is_offered_its_candidates() -> None:
    _tell("Neustadt")
    (waiting,) = unknown_places()
    assert len(waiting.suggestions) > 1
    assert len({place.label for place in waiting.suggestions}) == len(waiting.suggestions), "told apart by their Kreis"


def test_what_is_settled_counts_for_its_place(hamburg: Place) -> None:
    for _ in range(3):
        _tell(TYPED)
    assert settle(TYPED, hamburg) == 3
    _assert_agreed({hamburg.id: 3})
    assert unknown_places() == []
    assert db.session.get_one(Report, 1).place == TYPED, "the words stay as typed"


def test_settling_does_not_break_what_the_ledger_committed_to(hamburg: Place) -> None:
    report = _tell(TYPED)
    settle(TYPED, hamburg)
    db.session.commit()
    db.session.refresh(report)
    assert report.is_what_was_counted()


def test_a_report_that_does_not_count_does_not_move_the_tally(hamburg: Place) -> None:
    report = _tell(TYPED)
    report.uncount(Reason.SPAM)
    db.session.commit()
    _tell(TYPED)
    settle(TYPED, hamburg)
    _assert_agreed({hamburg.id: 1})


def test_a_place_outside_the_gazetteer_stays_as_typed() -> None:
    report = _tell(TYPED)
    assert keep_as_typed(TYPED) == 1
    db.session.commit()
    db.session.refresh(report)
    assert (report.place_id, report.place_state) == (None, PlaceState.AS_TYPED)
    assert unknown_places() == []


def test_it_can_be_undone(hamburg: Place) -> None:
    _tell(TYPED)
    out = _tell(TYPED)
    settle(TYPED, hamburg)
    out.uncount(Reason.TEST)
    db.session.commit()
    assert ask_again(TYPED) == 2
    _assert_agreed({})
    assert [one.typed for one in unknown_places()] == [TYPED]
    settle(TYPED, hamburg)
    _assert_agreed({hamburg.id: 1})


def test_what_was_never_asked_cannot_be_asked_again(hamburg: Place) -> None:
    _tell("Hamburg")
    assert ask_again("Hamburg") == 0
    _assert_agreed({hamburg.id: 1})


def test_taking_a_settled_report_out_moves_its_place(hamburg: Place) -> None:
    report = _tell(TYPED)
    settle(TYPED, hamburg)
    db.session.commit()
    report.uncount(Reason.SPAM)
    _assert_agreed({})
