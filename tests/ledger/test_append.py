"""The ledger grows by one entry for each thing that moves the counter."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select, text, update

from app.extensions import db
from app.kit import clock
from app.ledger import models as ledger
from app.ledger.models import Entry, Head, Kind, Reason
from app.reports.models import DecidedMeanwhile, Report, Told
from app.reports.models.report import rows
from tests.ledger.telling import HAMBURG, faults, tell


def test_each_report_takes_the_next_number(on_each: Flask) -> None:
    with on_each.app_context():
        told = [tell() for _ in range(3)]
        assert [(r.entry_seq, r.number) for r in told] == [(0, 1), (1, 2), (2, 3)]
        assert ledger.counter() == ledger.recount() == rows() == 3
        assert faults() == []


def test_what_is_rolled_back_leaves_no_gap(on_each: Flask) -> None:
    with on_each.app_context():
        tell()
        Report.tell(HAMBURG, "a key that fails")
        db.session.flush()
        db.session.rollback()
        assert tell().entry_seq == 1
        assert faults() == []


def test_a_report_taken_out_of_the_count_stays_in_the_ledger(on_each: Flask) -> None:
    with on_each.app_context():
        report = tell()
        report.uncount(Reason.SPAM)
        db.session.commit()
        assert ledger.counter() == ledger.recount() == rows() == 0
        kinds = list(db.session.execute(select(Entry.kind, Entry.reason).order_by(Entry.seq)))
        assert kinds == [(Kind.COUNTED, None), (Kind.UNCOUNTED, Reason.SPAM)]


def test_nothing_is_taken_out_twice(on_each: Flask) -> None:
    with on_each.app_context():
        report = tell()
        report.uncount(Reason.TEST)
        db.session.commit()
        with pytest.raises(DecidedMeanwhile):
            report.uncount(Reason.TEST)
        db.session.rollback()
        assert ledger.counter() == ledger.recount() == 0


ERASED = (Kind.UNCOUNTED, {"reason": Reason.ERASED, "subject": "entry:0"})
HASH = b"h" * 32


@pytest.mark.parametrize(
    "written",
    [
        [(Kind.COUNTED, {})],
        [(Kind.COUNTED, {"commitment": HASH, "subject": "entry:0"})],
        [(Kind.CORRECTED, {"subject": "entry:0"})],
        [(Kind.CORRECTED, {"subject": "0", "commitment": HASH})],
        [(Kind.UNCOUNTED, {"subject": "entry:00", "reason": Reason.SPAM})],
        [ERASED, (Kind.CORRECTED, {"subject": "entry:0", "commitment": HASH})],
    ],
)
def test_the_site_refuses_whatever_verify_py_refuses(app: Flask, written: list[tuple[Kind, dict[str, Any]]]) -> None:
    with app.app_context():
        tell()
        assert faults() == []
        for kind, said in written:
            Entry.append(kind, minute=clock.minute(), **said)
        db.session.commit()
        assert faults() != []


@pytest.fixture
def running(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


UNGUARD = {
    "sqlite": "DROP TRIGGER IF EXISTS ledger_entry_no_delete",
    "postgresql": "DROP TRIGGER IF EXISTS append_only ON ledger_entry",
}


class Campaign(RuleBasedStateMachine):
    """Whatever is told, taken back or rolled back, in whatever order: the numbers agree."""

    @initialize()
    def begin(self) -> None:
        db.session.rollback()
        _empty()
        self.counted: list[int] = []

    @rule(place=st.sampled_from(["Hamburg", "HH", "Neustadt", "Berlin", "Nirgendwo an der Knatter"]))
    def tell(self, place: str) -> None:
        self.counted.append(tell(Told(symptoms=("no_data",), place=place)).id)

    @rule()
    def break_off(self) -> None:
        Report.tell(HAMBURG, "never stored")
        db.session.flush()
        db.session.rollback()

    @precondition(lambda self: self.counted)
    @rule(data=st.data(), reason=st.sampled_from(Reason))
    def take_out(self, data: st.DataObject, reason: Reason) -> None:
        chosen = data.draw(st.sampled_from(self.counted))
        self.counted.remove(chosen)
        db.session.get_one(Report, chosen).uncount(reason)
        db.session.commit()

    @invariant()
    def everything_agrees(self) -> None:
        assert ledger.counter() == ledger.recount() == rows() == len(getattr(self, "counted", []))
        assert faults() == []


def test_the_numbers_agree_whatever_happens(running: Flask) -> None:
    few = settings(max_examples=15, stateful_step_count=12, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Campaign, settings=few)


def _empty() -> None:
    """Begin anew; only without its trigger can a ledger be emptied."""
    db.session.execute(delete(Report))
    db.session.execute(text(UNGUARD[db.engine.dialect.name]))
    db.session.execute(text("DELETE FROM ledger_entry"))
    db.session.execute(update(Head).values(size=0, counter=0, minute=None, frontier=b""))
    db.session.commit()
    db.session.expunge_all()
