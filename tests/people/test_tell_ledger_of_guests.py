"""Who got and who lost a badge stands in the ledger: for which organisation and when, without a name."""

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.ledger.models import Entry
from app.people.models import Member
from tests.cast import GABI, make_editor, make_guest, within
from tests.ledger.telling import faults


def _said(app: Flask) -> list[tuple[str, str | None]]:
    with app.app_context():
        assert faults() == []
        return [(kind.value, subject) for kind, subject in db.session.execute(select(Entry.kind, Entry.subject))]


def _revoke(app: Flask, email: str) -> None:
    def work() -> None:
        member = Member.of(email)
        assert member
        member.revoke("left the company")

    within(app, work)


def test_a_badge_given_and_taken_is_written_down(app: Flask) -> None:
    guest = make_guest(app)
    assert _said(app) == [("guest-verified", f"guest:o2/{guest.id}")]
    _revoke(app, GABI)
    assert _said(app)[1:] == [("guest-revoked", f"guest:o2/{guest.id}")]
    make_guest(app)
    assert _said(app)[2:] == [("guest-verified", f"guest:o2/{guest.id}")]


def test_the_campaign_s_own_people_are_none_of_its_business(app: Flask) -> None:
    editor = make_editor(app)
    _revoke(app, editor.email)
    assert _said(app) == []


def test_it_names_nobody(app: Flask) -> None:
    make_guest(app)
    text = app.test_client().get("/ledger/entries").text
    assert "gabi" not in text.lower()
    assert "o2.example" not in text
