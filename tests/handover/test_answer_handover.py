"""What the recipient answers: its own guests, or an editor with a source; added, never changed."""

import pytest
from flask import Flask

from app.extensions import db
from app.handover.models import HandoverAnswer
from app.handover.models.answer import NotTheirs
from app.ledger.models.entry import AppendOnly
from app.people.models import Member
from tests.cast import make_editor, make_guest, make_moderator, make_other_guest, within
from tests.handover.making import answer, hand_over, propose, tell_crowd

SOURCE = "https://o2.example/netz"


@pytest.fixture
def number(app: Flask) -> int:
    tell_crowd(app)
    make_guest(app)
    return hand_over(app)


def test_a_later_answer_stands_below_the_earlier_one(app: Flask, number: int) -> None:
    gabi, eda = make_guest(app), make_editor(app)
    answer(app, number, gabi, "Wir schauen es uns an.")
    answer(app, number, eda, "Wir bauen aus.", SOURCE)
    found = within(app, lambda: [(one.text, one.is_official) for one in db.session.query(HandoverAnswer)])
    assert found == [("Wir schauen es uns an.", True), ("Wir bauen aus.", False)]


def test_the_same_answer_is_stored_once_however_often_it_is_sent(app: Flask, number: int) -> None:
    gabi = make_guest(app)
    assert answer(app, number, gabi) == answer(app, number, gabi)


def test_nobody_else_answers_in_their_name(app: Flask, number: int) -> None:
    vera, mo, eda = make_other_guest(app), make_moderator(app), make_editor(app)
    for who, source in ((vera, ""), (vera, SOURCE), (mo, SOURCE), (eda, "")):
        with pytest.raises(NotTheirs):
            answer(app, number, who, source=source)
    assert within(app, lambda: db.session.query(HandoverAnswer).count()) == 0


def test_a_proposal_cannot_be_answered(app: Flask) -> None:
    gabi = make_guest(app)
    tell_crowd(app)
    with pytest.raises(NotTheirs):
        answer(app, propose(app), gabi)


def test_guests_of_nobody_answer_what_went_to_a_name_that_has_no_organisation(app: Flask) -> None:
    gabi = make_guest(app)
    tell_crowd(app)
    number = hand_over(app, to="Bundesnetzagentur")
    with pytest.raises(NotTheirs):
        answer(app, number, gabi)


def test_an_answer_is_never_changed_and_never_removed(app: Flask, number: int) -> None:
    answer(app, number, make_guest(app))
    with app.app_context():
        said = db.session.query(HandoverAnswer).one()
        said.text = "Etwas anderes."
        with pytest.raises(AppendOnly):
            db.session.flush()
        db.session.rollback()
        db.session.delete(db.session.query(HandoverAnswer).one())
        with pytest.raises(AppendOnly):
            db.session.flush()


def test_who_left_the_organisation_has_still_said_it(app: Flask, number: int) -> None:
    gabi = make_guest(app)
    answer(app, number, gabi)
    within(app, lambda: db.session.get_one(Member, gabi.id).revoke("left"))
    page = app.test_client().get(f"/handovers/{number}")
    assert "O2 · " in page.text
    assert "Wir bauen aus." in page.text
