"""`flask audit` holds an organisation's lapse against the ledger: both say the same, or the audit names it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.extensions import db
from app.kit import clock
from app.kit.outside import Fault
from app.people import recount
from app.people.models import Organisation
from app.people.models.proof import Method, Proof
from tests.cast import make_guest, make_other_guest, within
from tests.conftest import At

DAY = 24 * 60  # minutes
HOST = "o2.example"


def o2() -> Organisation:
    found = Organisation.of("o2")
    assert found
    return found


def prove(method: Method = Method.FILE) -> None:
    Proof.ask(o2(), method, HOST).found()
    db.session.commit()


def miss() -> None:
    for one in Proof.of(o2()):
        one.missed(Fault.OTHER_WORDS)
    db.session.commit()


def find() -> None:
    Proof.of(o2())[-1].found()
    db.session.commit()


def end() -> None:
    Proof.of(o2())[0].end()
    db.session.commit()


def end_other() -> None:
    Proof.of(o2())[-1].end()
    db.session.commit()


def ask_anew() -> None:
    Proof.ask(o2(), Method.FILE, HOST)
    db.session.commit()


def put(**values: object) -> Callable[[], None]:
    def work() -> None:
        db.session.execute(db.update(Organisation).where(Organisation.slug == "o2").values(**values))
        db.session.commit()

    return work


def faults(app: Flask) -> list[str]:
    return within(app, lambda: list(recount.faults()))


@pytest.fixture
def lapsed(app: Flask, at: At) -> None:
    """O2 had a proof, which was missing for longer than the grace."""
    make_guest(app)
    make_other_guest(app)
    within(app, prove)
    for day in (1, 16):
        at(day * DAY)
        within(app, miss)


@pytest.mark.usefixtures("lapsed")
def test_row_and_ledger_agree_after_a_lapse_a_recovery_and_an_end(app: Flask, at: At) -> None:
    assert within(app, lambda: o2().lapsed_at)
    assert faults(app) == []
    at(17 * DAY)
    within(app, find)
    assert within(app, lambda: o2().lapsed_at) is None
    assert faults(app) == []
    at(18 * DAY)
    within(app, lambda: prove(Method.DNS))
    within(app, end)
    assert within(app, lambda: o2().lapsed_at) is None  # the other one counts
    assert faults(app) == []
    at(19 * DAY)
    within(app, end_other)
    assert within(app, lambda: o2().lapsed_at)
    assert faults(app) == []


@pytest.mark.usefixtures("lapsed")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put(lapsed_at=None), "organisation o2 has not lapsed, the ledger says otherwise"),
        (put(lapsed_at=clock.now() - timedelta(days=900)), "organisation o2 has lapsed in another minute than entry"),
    ],
)
def test_a_lapse_that_is_hidden_or_dated_otherwise_is_found(
    app: Flask, runner: FlaskCliRunner, change: Callable[[], None], said: str
) -> None:
    assert runner.invoke(args=["audit"]).exit_code == 0
    within(app, change)
    found = runner.invoke(args=["audit"])
    assert (found.exit_code, said in found.stderr) == (1, True), found.stderr


def test_a_lapse_that_no_entry_tells_is_found(app: Flask) -> None:
    make_guest(app)
    within(app, prove)
    within(app, put(lapsed_at=clock.now()))
    assert faults(app) == ["organisation o2 has lapsed, the ledger says otherwise"]


@pytest.mark.usefixtures("lapsed")
def test_a_ledger_whose_minute_stood_still_agrees_with_a_clock_that_went_back(app: Flask, at: At) -> None:
    within(app, find)
    at(10 * DAY)
    within(app, end)
    assert within(app, lambda: o2().lapsed_at)
    assert faults(app) == []


@pytest.mark.usefixtures("lapsed")
def test_a_lapsed_proof_stays_so_once_the_same_was_asked_for_anew(app: Flask, at: At) -> None:
    """Two of the same name, both counting, could not be told apart in the ledger."""
    at(17 * DAY)
    within(app, ask_anew)
    within(app, find)
    assert [one.state for one in within(app, lambda: list(Proof.of(o2())))] == ["asked", "lapsed"]
    assert faults(app) == []
