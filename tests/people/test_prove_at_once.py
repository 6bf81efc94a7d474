"""Two who decide about one organisation's proofs in the same moment: the later one sees what the earlier one did."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask

from app.extensions import db
from app.kit import clock
from app.kit.outside import Fault
from app.people import recount
from app.people.models import Member, Organisation
from app.people.models.call import Call
from app.people.models.proof import Method, NoProof, Proof
from tests.cast import make_editor, make_guest, within

HOST, ADA, BEA = "o2.example", "ada@campaign.example", "bea@campaign.example"


def o2() -> Organisation:
    found = Organisation.of("o2")
    assert found
    return found


def call(organisation: Organisation, who: str) -> None:
    member = Member.of(who)
    assert member
    Call.note(organisation, by=member, number="+49 89 1234-0", source="Impressum", role="Presse", called_at=clock.now())


def meanwhile(app: Flask, deed: Callable[[], object]) -> None:
    """Somebody else does it, and has done it, while our transaction is open."""
    other = Thread(target=lambda: within(app, deed))
    other.start()
    other.join(20)
    assert not other.is_alive()


# on SQLite one writes after the other
pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def app_(on_each: Flask) -> Flask:
    make_guest(on_each)
    return on_each


def test_a_second_call_ends_the_lapse_that_came_between(app_: Flask) -> None:
    make_editor(app_, ADA, "Ada")
    make_editor(app_, BEA, "Bea")

    def begin() -> int:
        proof = Proof.ask(o2(), Method.FILE, HOST)
        proof.found()
        proof.missed(Fault.STATUS)
        proof.failing_since = clock.now() - timedelta(days=15)
        db.session.flush()
        call(o2(), ADA)
        return proof.id

    def lapse() -> None:
        proof = Proof.take(id_)
        assert proof
        proof.missed(Fault.STATUS)
        assert o2().lapsed_at

    id_ = within(app_, begin)
    with app_.app_context():
        organisation = o2()
        meanwhile(app_, lapse)
        call(organisation, BEA)
        db.session.commit()
    assert within(app_, lambda: o2().lapsed_at) is None
    assert within(app_, lambda: list(recount.faults())) == []


def test_a_domain_that_has_just_been_taken_away_is_not_asked_for(app_: Flask) -> None:
    with app_.app_context():
        organisation = o2()
        meanwhile(app_, lambda: o2().verify(["new.example"], "Impressum"))
        with pytest.raises(NoProof):
            Proof.ask(organisation, Method.FILE, HOST)
