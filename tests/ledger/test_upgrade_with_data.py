"""An instance of the first release is upgraded with what it holds, and can go back while nothing new was written."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app import create_app
from app.config import Settings
from app.extensions import db
from app.ledger import models as ledger
from app.reports.models import Report, State
from app.site.audit import differences
from tests.ledger.telling import HAMBURG, faults, tell

COMMITMENT = ledger.commit_to(HAMBURG.record(), b"n" * 32)
ENTRY = (
    "INSERT INTO ledger_entry (seq, kind, minute, reason, commitment) "
    "VALUES (:seq, :kind, :minute, :reason, :commitment)"
)
REPORT = (
    "INSERT INTO report (receipt_hash, nonce, source, told_at, number, symptoms, place, place_id, place_state, "
    "district, since, hotline, device, text, text_state, entry_seq, uncounted_seq) "
    "VALUES (:hash, :nonce, 'form', :minute, :number, "
    "'[\"data_slow\", \"calls_out\"]', 'Hamburg', '02000000', 'known', 'Altona', '', '', '', 'Seit Wochen nichts.', "
    "'waiting', :seq, :out)"
)
REPORTS = 300  # more than a tile covers


@pytest.fixture(params=["sqlite", "postgresql"])
def first_release(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """300 reports in the tables of the first release, the second one taken out."""
    environ = {"EINZELFALL_INSTANCE": str(tmp_path), "EINZELFALL_POSTS": str(tmp_path)}
    if request.param == "postgresql":
        environ["EINZELFALL_DATABASE_URL"] = request.getfixturevalue("postgres")
    app = create_app(Settings.load(environ))
    with app.app_context():
        upgrade(revision="0001")
        minute = "2011-11-12 20:15:00+00:00" if request.param == "postgresql" else "2011-11-12 20:15:00.000000"
        for seq in range(REPORTS):
            db.session.execute(
                text(ENTRY),
                {"seq": seq, "kind": "counted", "minute": minute, "reason": None, "commitment": COMMITMENT},
            )
        out = {"seq": REPORTS, "kind": "uncounted", "minute": minute, "reason": "spam", "commitment": None}
        db.session.execute(text(ENTRY), out)
        for seq in range(REPORTS):
            told = {"hash": f"{seq:064}", "nonce": b"n" * 32, "minute": minute, "number": seq + 1, "seq": seq}
            db.session.execute(text(REPORT), told | {"out": REPORTS if seq == 1 else None})
        db.session.execute(text("INSERT INTO place_tally (place_id, reports) VALUES ('02000000', 299)"))
        db.session.execute(text("UPDATE ledger_head SET size = 301, counter = 299"))
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_what_was_told_is_there_and_holds_together(first_release: Flask) -> None:
    upgrade()
    assert faults() == []
    assert list(differences()) == []
    out = db.session.get_one(Report, 2)
    assert (ledger.counter(), out.state, out.decided_on) == (REPORTS - 1, State.UNCOUNTED, date(2011, 11, 12))
    assert db.session.get_one(ledger.Entry, REPORTS).subject == "entry:1"
    assert tell().entry_seq == REPORTS + 1
    assert list(differences()) == []


def test_it_can_go_back_with_its_data(first_release: Flask) -> None:
    upgrade()
    downgrade(revision="0001")
    rows = db.session.execute(text("SELECT count(*), count(uncounted_seq), min(uncounted_seq) FROM report")).one()
    assert tuple(rows) == (REPORTS, 1, REPORTS)
    assert db.session.scalar(text("SELECT reports FROM place_tally")) == REPORTS - 1
    db.session.rollback()
    upgrade()
    assert list(differences()) == []


def test_it_does_not_go_back_over_what_the_earlier_release_cannot_say(first_release: Flask) -> None:
    upgrade()
    db.session.get_one(Report, 2).recount()
    db.session.commit()
    with pytest.raises(SystemExit):
        downgrade(revision="0001")
    db.session.rollback()
    assert list(differences()) == []


def test_entries_stay_append_only_after_the_upgrade(first_release: Flask) -> None:
    upgrade()
    for statement in ("UPDATE ledger_entry SET reason = NULL", "DELETE FROM ledger_entry"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()
