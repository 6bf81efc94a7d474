"""Whoever changes a bit of the ledger's file, removes, swaps or slips in a row is found out by `flask audit`."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from app.config import settings
from app.extensions import db
from app.ledger.models import Checkpoint, Reason
from app.reports.models import erase
from tests.ledger.telling import HAMBURG, tell

pytestmark = pytest.mark.sqlite("values as its file keeps them; test_audit.py tampers with either database")
LEDGER = ("seq", "kind", "minute", "reason", "claimed_day", "commitment", "subject", "leaf")
RECORD = ("nonce", "symptoms", "place", "district", "text")


class Place(NamedTuple):
    """One value in the file."""

    table: str
    column: str
    key: str
    row: int
    value: object


@pytest.fixture
def file(app: Flask) -> Iterator[sqlite3.Connection]:
    """The database of a small campaign in the hands of somebody who knows SQLite."""
    with app.app_context():
        reports = [tell() for _ in range(5)]
        reports[1].uncount(Reason.SPAM)
        reports[1].recount()
        reports[2].correct(HAMBURG)
        erase(reports[3])
        reports[4].uncount(Reason.WITHDRAWN)
        Checkpoint.make()
        db.session.commit()
        path = settings().instance / "einzelfall.sqlite"
        db.session.remove()
        db.engine.dispose()
    with sqlite3.connect(Path(path), isolation_level=None) as connection:
        connection.executescript("PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON;")
        for name in ("update", "delete", "replace"):
            connection.execute(f"DROP TRIGGER ledger_entry_no_{name}")
        yield connection
    connection.close()


def _places(file: sqlite3.Connection) -> Iterator[Place]:
    """Every column of every row that holds something."""
    for table, key, columns in (("ledger_entry", "seq", LEDGER), ("report", "id", RECORD)):
        for row in file.execute(f"SELECT {key}, {', '.join(columns)} FROM {table}").fetchall():  # noqa: S608 -- our own names
            for at, column in enumerate(columns, start=1):
                if row[at] not in {None, ""}:
                    yield Place(table, column, key, row[0], row[at])


def _flipped(value: object, bit: int) -> object:
    """The value with one bit changed, in whatever form it is kept."""
    if isinstance(value, bytes):
        changed = bytearray(value)
        changed[bit % len(value)] ^= 1 << bit % 8
        return bytes(changed)
    if isinstance(value, int):
        return value ^ 64  # beyond the rows that there are
    text = str(value)
    at = bit % len(text)
    return f"{text[:at]}{chr(ord(text[at]) ^ 1 << bit % 5)}{text[at + 1 :]}"


def test_one_bit_anywhere_is_enough(file: sqlite3.Connection, runner: FlaskCliRunner) -> None:
    unnoticed, places = [], list(_places(file))
    for number, place in enumerate(places):
        changed = _flipped(place.value, number * 7)
        change = f"UPDATE {place.table} SET {place.column} = ? WHERE {place.key} = ?"  # noqa: S608 -- our own names
        file.execute(change, (changed, place.row))
        done = runner.invoke(args=["audit"])
        if not _is_named(done):
            unnoticed.append((place, changed, done.exit_code, repr(done.exception)))
        file.execute(change, (place.value, changed if place.column == place.key else place.row))
    assert unnoticed == []
    assert len(places) > 60
    assert runner.invoke(args=["audit"]).exit_code == 0


def _is_named(done: Result) -> bool:
    """Whether the command ended with 1 and a sentence, not with a fault of its own."""
    return done.exit_code == 1 and bool(done.output.strip()) and isinstance(done.exception, SystemExit)


DEEDS = {
    "the first is removed": "DELETE FROM ledger_entry WHERE seq = 0",
    "the last is removed": "DELETE FROM ledger_entry WHERE seq = 9",
    "two are swapped": """
        UPDATE ledger_entry SET seq = CASE seq WHEN 1 THEN -2 ELSE -1 END WHERE seq IN (1, 2);
        UPDATE ledger_entry SET seq = -seq WHERE seq < 0""",
    "one is slipped in": """
        CREATE TEMP TABLE one AS SELECT * FROM ledger_entry WHERE seq = 0;
        UPDATE one SET seq = 10;
        INSERT INTO ledger_entry SELECT * FROM one""",
    "the counter is raised": "UPDATE ledger_head SET counter = counter + 1",
    "a checkpoint says more": "UPDATE ledger_checkpoint SET note = replace(note, 'counter 3', 'counter 4')",
    "a report is removed": "DELETE FROM report WHERE id = 1",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_rows_removed_swapped_or_slipped_in_are_named(
    file: sqlite3.Connection, runner: FlaskCliRunner, deed: str
) -> None:
    assert runner.invoke(args=["audit"]).exit_code == 0
    file.executescript(DEEDS[deed])
    assert _is_named(runner.invoke(args=["audit"]))
