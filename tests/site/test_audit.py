"""`flask audit`: what is shown is what the rows say, and who changes either is found out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import update

from app.comments.models import Comment, State, sampling
from app.extensions import db
from app.kit import clock, tokens
from app.ledger import models as ledger
from app.ledger import signing
from app.ledger.models import Checkpoint, Reason
from app.reports.models import Report
from app.transparency.jobs import count_everything
from tests.cast import within
from tests.ledger.telling import HAMBURG, tell
from tests.reports.telling import URL, with_key

FREE_LEDGER = "DROP TRIGGER ledger_entry_no_delete"
FREE_UPDATE = "DROP TRIGGER ledger_entry_no_update"
FREE_KEYS = "PRAGMA foreign_keys=OFF"
UNGUARD = {FREE_LEDGER, FREE_UPDATE, FREE_KEYS}
TAMPERINGS = {
    "a report is deleted": (["DELETE FROM report WHERE id = 2"], "reports are 2"),
    "a text is changed": (
        ["UPDATE report SET text = 'Alles gut.' WHERE id = 2"],
        "report 2 is not what entry 1 counted",
    ),
    "a symptom is changed": (["UPDATE report SET symptoms = '[\"sms\"]' WHERE id = 1"], "report 1 is not"),
    "the counter is raised": (["UPDATE ledger_head SET counter = 8000"], "counter shows 8000"),
    "a report is slipped in": (
        [
            "CREATE TEMP TABLE copy AS SELECT * FROM report WHERE id = 1",
            "UPDATE copy SET id = 99, receipt_hash = 'x', entry_seq = NULL",
            "INSERT INTO report SELECT * FROM copy",
        ],
        "report 99 is counted, and no entry says so",
    ),
    "an entry is removed": (
        [FREE_LEDGER, FREE_KEYS, "DELETE FROM ledger_entry WHERE seq = 1"],
        "hole or a surplus at entry 1",
    ),
    "an entry is slipped in": (
        ["INSERT INTO ledger_entry (seq, kind, minute, leaf) VALUES (3, 'counted', '2011-11-12 20:00:00', x'00')"],
        "entry 3 is not what was written",
    ),
    "a report is hidden": (["UPDATE report SET state = 'refused' WHERE id = 1"], "reports are 2"),
    "a report is taken out behind the ledger's back": (
        ["UPDATE report SET state = 'uncounted', reason = 'spam' WHERE id = 3"],
        "report 3 is taken out, the ledger says otherwise",
    ),
    "a report stands for another entry": (
        ["UPDATE report SET commitment_seq = 0 WHERE id = 3"],
        "report 3 was counted by entry 2, which does not say so",
    ),
    "an entry says another minute": (
        [FREE_UPDATE, "UPDATE ledger_entry SET minute = '2011-11-12 20:00:00' WHERE seq = 1"],
        "entry 1 is not what was written",
    ),
    "a leaf is another one": (
        [FREE_UPDATE, "UPDATE ledger_entry SET leaf = x'00' WHERE seq = 2"],
        "entry 2 is not what was written",
    ),
    "the root is another one": (["UPDATE ledger_head SET frontier = zeroblob(64)"], "make another root"),
    "a checkpoint is another one": (
        ["UPDATE ledger_checkpoint SET counter = 9"],
        "the checkpoint of size 3 does not fit the entries",
    ),
    "the last minute is another one": (
        ["UPDATE ledger_head SET minute = '2099-01-01 00:00:00'"],
        "says another minute",
    ),
    "a page says something else of a comment": (
        ["UPDATE comment_fragment SET html = '<p>Nein.</p>' WHERE lang = 'en'"],
        "comment 1 stands on pages in en as something else",
    ),
    "a page has what nobody may see": (
        ["UPDATE comment SET state = 'waiting'", "UPDATE thread_size SET shown = 0, tops = 0"],
        "comment 1 is kept for pages in de, and no reader sees it",
    ),
    "a thread is said to be longer": (
        ["UPDATE thread_size SET shown = 9"],
        "the thread of netz says (9, 0, 1, 0), its comments are (1, 0, 1, 0)",
    ),
    "a comment says something else": (
        ["UPDATE comment SET html = '<p>Nein.</p>'"],
        "comment 1 shows something",
    ),
}


ROW = "UPDATE transparency SET numbers = replace(CAST(numbers AS TEXT), {}, {})"  # JSON; PostgreSQL wants a cast back
OF_MODERATION = {
    "a refutation is made a confirmation": (
        ["UPDATE spam_sample SET verdict = 'spam'"],
        "comment 1 is published by a person's decision, the sample says spam",
    ),
    "a comment is taken out of the sample": (["DELETE FROM spam_sample"], "has 0 comments, 1 were drawn of 1"),
    "a verdict is made up": (["UPDATE spam_sample SET verdict = NULL"], "does not say when it was found"),
    "more comments are told of than came": (
        [ROW.format("'\"received\": 1'", "'\"received\": 2'")],
        "2 comments received in 2026-03, the rows are 1",
    ),
    "a fate is made up": ([ROW.format("'\"waiting\": 0'", "'\"waiting\": 5'")], "their fates add up to 6"),
    "the error rate is made up": (
        [ROW.format("'\"share\": 1.0'", "'\"share\": 0.01'")],
        "error rate (2026-03) cannot come from its counts",
    ),
    "a month is left out": (
        ["DELETE FROM comment_gone", "UPDATE comment SET written_at = '2026-02-03 12:00:00'"],
        "of no comments received in 2026-02",
    ),
}


@pytest.fixture
def moderated(app: Flask) -> Flask:
    """One comment that judges took for spam, drawn, found to be none, and told of."""

    def work() -> None:
        comment = Comment.write("netz", "Lena", "Bei mir auch.", key=tokens.new_key())
        comment.state, comment.written_at = State.SPAM, datetime(2026, 3, 3, 12, tzinfo=UTC)
        db.session.flush()
        while sampling.draw_due():
            pass
        sampling.refute(comment, State.PUBLISHED, edits=0, is_redacted=False)

    with clock.standing_at(datetime(2026, 3, 4, 4, tzinfo=UTC)):
        within(app, work)
        with app.app_context():
            count_everything.now()
    return app


def test_what_is_told_of_moderation_agrees(moderated: Flask, runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["audit"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("what", OF_MODERATION)
def test_what_is_told_of_moderation_is_held_against_its_rows(
    moderated: Flask, runner: FlaskCliRunner, what: str
) -> None:
    statements, complaint = OF_MODERATION[what]
    if moderated.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        statements = [
            one.replace("replace(", "CAST(replace(") + " AS JSON)" if "replace(" in one else one for one in statements
        ]
    _outside(moderated, statements)
    done = runner.invoke(args=["audit"])
    assert done.exit_code == 1
    assert complaint in done.output


@pytest.fixture
def good(app: Flask) -> Flask:
    """Three reports that count and a comment that is shown."""
    with app.app_context():
        for _ in range(3):
            tell()
        comment = Comment.write("netz", "Lena", "Bei *mir* auch.", key=tokens.new_key())
        db.session.flush()
        comment.decide(State.PUBLISHED, seen=State.WAITING)
        Checkpoint.make()
        db.session.commit()
        db.session.remove()
    return app


def _outside(app: Flask, statements: list[str]) -> None:
    """Somebody with the database in their hands."""
    with app.app_context():
        own = statements if db.engine.dialect.name == "sqlite" else _for_postgresql(statements)
        raw = db.engine.raw_connection()
        for statement in own:
            raw.driver_connection.execute(statement)  # type: ignore[union-attr]
        raw.commit()
        raw.detach()
        raw.close()


def _for_postgresql(statements: list[str]) -> list[str]:
    """A copy of another server takes what comes: there no trigger and no foreign key is asked."""
    bytes_ = {"x'00'": r"'\x00'", "zeroblob(64)": "decode(repeat('00', 64), 'hex')"}
    told = [one for one in statements if one not in UNGUARD]
    for ours, theirs in bytes_.items():
        told = [one.replace(ours, theirs) for one in told]
    return ["SET session_replication_role = replica", *told]


def test_a_good_instance_agrees(good: Flask, runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["audit"])
    assert done.exit_code == 0, done.output
    assert "3 reports counted, 3 ledger entries" in done.output


def test_an_empty_one_agrees(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["audit"]).exit_code == 0


def test_reports_taken_out_agree(good: Flask, runner: FlaskCliRunner) -> None:
    with good.app_context():
        db.session.get_one(Report, 2).uncount(Reason.SPAM)
        db.session.commit()
    done = runner.invoke(args=["audit"])
    assert done.exit_code == 0, done.output
    assert "2 reports counted, 4 ledger entries" in done.output


def test_a_correction_cannot_be_taken_back_unseen(good: Flask, runner: FlaskCliRunner) -> None:
    """The words before it, with their nonce and their entry, are what the ledger once committed to, and no more."""
    with good.app_context():
        report = db.session.get_one(Report, 2)
        earlier = {"text": report.text, "nonce": report.nonce, "commitment_seq": report.commitment_seq}
        report.correct(replace(HAMBURG, text="Doch nicht."))
        db.session.commit()
        assert runner.invoke(args=["audit"]).exit_code == 0
        db.session.rollback()  # the audit's transaction, which can only read
        db.session.execute(update(Report).where(Report.id == 2).values(earlier))
        db.session.commit()
    done = runner.invoke(args=["audit"])
    assert (done.exit_code, "report 2 was counted by entry 1, which does not say so" in done.output) == (1, True)


def test_what_the_ledger_calls_erased_must_be_gone(good: Flask, runner: FlaskCliRunner) -> None:
    with good.app_context():
        db.session.get_one(Report, 2).uncount(Reason.ERASED)
        db.session.commit()
    assert "report 2 is still there" in runner.invoke(args=["audit"]).output


def test_also_the_checkpoint_before_the_first_report_is_checked(app: Flask, runner: FlaskCliRunner) -> None:
    with app.app_context():
        Checkpoint.make().counter = 9
        db.session.commit()
    assert "the checkpoint of size 0 does not fit" in runner.invoke(args=["ledger", "verify"]).output


def test_a_lost_key_is_not_taken_for_a_ledger_that_was_changed(good: Flask, runner: FlaskCliRunner) -> None:
    (Path(good.instance_path) / signing.FILE).write_text("ab" * 32, "ascii")
    signing._signer.cache_clear()  # as after a restart
    done = runner.invoke(args=["ledger", "verify"])
    assert done.exit_code == 1
    assert done.stderr.splitlines() == ["the checkpoint of size 3 is not what this instance's key has signed"]


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named(good: Flask, runner: FlaskCliRunner, name: str) -> None:
    statements, finding = TAMPERINGS[name]
    _outside(good, statements)
    done = runner.invoke(args=["audit"])
    assert done.exit_code == 1, done.output
    assert finding in done.output


def test_it_does_not_keep_writers_waiting(good: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that arrives while the audit reads is stored, and is no difference."""
    seen: list[str] = []
    _during_audit(monkeypatch, lambda: seen.append(str(tell_from_elsewhere(good))))
    done = runner.invoke(args=["audit"])
    assert (done.exit_code, seen) == (0, ["303"]), done.output


def test_it_reads_one_moment_on_postgresql_too(
    database: str, app: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        tell(HAMBURG)
    _during_audit(monkeypatch, lambda: tell_from_elsewhere(app))
    done = runner.invoke(args=["audit"])
    assert done.exit_code == 0, done.output


def tell_from_elsewhere(app: Flask) -> int:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: app.test_client().post(URL, data=with_key()).status_code).result()


def _during_audit(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Do something after the audit has read the ledger and before it counts the rows."""
    counter = ledger.counter

    def counting() -> int:
        deed()
        return counter()

    monkeypatch.setattr(ledger, "counter", counting)
