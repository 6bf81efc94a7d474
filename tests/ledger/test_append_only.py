"""What is written stays as it is: our own code refuses to change it, and so does the database."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.ledger.models import AppendOnly, Entry, Reason
from app.people.models import Decision
from tests.ledger.telling import tell

TAMPERINGS = (
    "UPDATE ledger_entry SET commitment = NULL",
    "UPDATE ledger_entry SET kind = 'uncounted' WHERE seq = 0",
    "DELETE FROM ledger_entry",
    "UPDATE decision SET reason = 'another one'",
    "DELETE FROM decision",
)
REPLACING = {
    "sqlite": "INSERT OR REPLACE INTO ledger_entry (seq, kind, minute) VALUES (0, 'uncounted', '2011-11-12 20:00')",
    "postgresql": "TRUNCATE ledger_entry CASCADE",
}


@pytest.fixture
def written(on_each: Flask) -> Flask:
    with on_each.app_context():
        tell()
        Decision.record("released", "report-text:1", by=None)
        db.session.commit()
    return on_each


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_the_database_refuses_to_change_what_is_written(written: Flask, statement: str) -> None:
    with written.app_context():
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_the_database_refuses_to_replace_what_is_written(written: Flask) -> None:
    with written.app_context():
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(REPLACING[db.engine.dialect.name]))
        db.session.rollback()


def test_our_own_code_cannot_change_an_entry(written: Flask) -> None:
    with written.app_context():
        entry = db.session.get_one(Entry, 0)
        entry.reason = Reason.SPAM
        with pytest.raises(AppendOnly):
            db.session.commit()
        db.session.rollback()


def test_our_own_code_cannot_remove_an_entry(written: Flask) -> None:
    with written.app_context():
        db.session.delete(db.session.get_one(Entry, 0))
        with pytest.raises(AppendOnly):
            db.session.commit()
        db.session.rollback()


def test_a_decision_cannot_be_changed_or_removed(written: Flask) -> None:
    with written.app_context():
        decision = db.session.get_one(Decision, 1)
        decision.reason = "another one"
        with pytest.raises(PermissionError):
            db.session.commit()
        db.session.rollback()
        db.session.delete(decision)
        with pytest.raises(PermissionError):
            db.session.commit()
        db.session.rollback()
