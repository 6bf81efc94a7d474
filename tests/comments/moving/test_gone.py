"""What was promised to go stays gone: no file brings it back, and none keeps it longer."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.models import Comment, State, erasure, expiry, lessons, withdrawal
from app.comments.models.state import TakenBack
from app.config import settings
from app.extensions import db
from app.ledger import outside
from app.spam.models import BayesTotal
from tests.cast import make_comment, within
from tests.comments.moving.files import agrees, another, bring_in, line, own, taken_out
from tests.conftest import At

DAYS = 60 * 24


def rows(app: Flask) -> list[tuple[object, ...]]:
    asked = select(Comment.state, Comment.text, Comment.taken_back).order_by(Comment.id)
    return within(app, lambda: [tuple(row) for row in db.session.execute(asked)])


def taught(app: Flask) -> list[tuple[int, int]]:
    return within(app, lambda: [(one.spam, one.ham) for one in db.session.scalars(select(BayesTotal))])


def withdraw(id_: int) -> None:
    comment = db.session.get_one(Comment, id_)
    lessons.teach(comment, "ham")
    withdrawal.withdraw(comment)


def test_what_expired_here_does_not_come_back_out_of_our_own_file(app: Flask, at: At, tmp_path: Path) -> None:
    make_comment(app, text="Billige Pillen, nur heute.", state=State.SPAM)
    make_comment(app, text="Meine Nummer ist 0170 und geheim.", state=State.WAITING)
    make_comment(app, text="Bleibt.")
    out = tmp_path / "out.jsonl"
    taken_out(app, out)
    with app.app_context():
        at(DAYS * 91)
        assert (expiry.forget_spam(), expiry.forget_undecided()) == (1, 1)
        db.session.commit()
    before = taught(app)
    for dry in ((), ("--dry-run",)):
        done = bring_in(app, str(out), "jsonl", *dry)
        assert "3 rows read: 0 " in done.stdout
        assert "1 here already, 0 refused, 2 left out." in done.stdout
        assert "Left out: 2 deleted here, as was promised; they do not come back." in done.stdout
    assert [row[1] for row in rows(app)] == ["Bleibt."]
    assert taught(app) == before


def test_what_goes_while_an_import_runs_does_not_come_back_either(app: Flask) -> None:
    with app.app_context():
        told = outside.Told(outside.COMMENT)
        assert told.among(["a", "b"]) == set()
        outside.tell(outside.COMMENT, ["a"])
        outside.tell(outside.REPORT, ["b"])
        db.session.commit()
        assert told.among(["a", "b"]) == {"a"}


def test_nothing_comes_where_nobody_knows_what_was_deleted(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        (settings().instance / outside.FILE).write_text("{odd}\n")
    done = bring_in(app, own(tmp_path, line(1)), "jsonl")
    assert done.exit_code == 1
    assert "What was deleted here must not come back, and line 1 of" in done.stderr
    assert rows(app) == []


def test_words_that_were_withdrawn_are_in_no_file(
    app: Flask, environ: dict[str, str], empty_database: Path, tmp_path: Path
) -> None:
    """Nobody can bring them back anywhere else, and there nothing would delete them after thirty days."""
    made = make_comment(app, text="Das hätte ich nicht sagen sollen.")
    make_comment(app, text="Doch.", parent=made)
    with app.app_context():
        withdraw(made.id)
        db.session.commit()
    out = taken_out(app, tmp_path / "out.jsonl")
    assert b"nicht sagen sollen" not in out
    assert b"withdrawn" in out
    assert rows(app)[0][1] == "Das hätte ich nicht sagen sollen."
    with another(environ, tmp_path / "there", empty_database) as there:
        assert "2 imported" in bring_in(there, str(tmp_path / "out.jsonl"), "jsonl").stdout
        assert rows(there) == [(State.REMOVED, "", TakenBack.WITHDRAWN), (State.PUBLISHED, "Doch.", None)]
        assert taken_out(there, tmp_path / "again.jsonl") == out
        assert agrees(there)


def test_an_older_file_brings_no_withdrawn_words(app: Flask, tmp_path: Path) -> None:
    said = line(1, state="removed", taken_back="withdrawn", lesson="ham", alert="Wort", reasons=["links"])
    assert "1 imported" in bring_in(app, own(tmp_path, said), "jsonl").stdout
    assert rows(app) == [(State.REMOVED, "", TakenBack.WITHDRAWN)]
    assert b"Nummer" not in taken_out(app, tmp_path / "out.jsonl")
    assert taught(app) == []
    with app.app_context():
        assert erasure.forget_withdrawn() == 0


@pytest.mark.parametrize("state", [State.PUBLISHED, State.REMOVED])
def test_what_its_writer_had_deleted_stays_so(app: Flask, tmp_path: Path, state: State) -> None:
    made = make_comment(app, text="Weg damit.")
    taken_out(app, tmp_path / "out.jsonl")
    with app.app_context():
        comment = db.session.get_one(Comment, made.id)
        if state is State.REMOVED:
            comment.decide(State.REMOVED, seen=State.PUBLISHED, reason="Werbung")
        erasure.erase(comment)
        db.session.commit()
    assert "1 here already" in bring_in(app, str(tmp_path / "out.jsonl"), "jsonl").stdout
    assert [row[1] for row in rows(app)] == [""]


def test_a_name_that_was_taken_back_leaves_no_trace_in_the_file(
    app: Flask, environ: dict[str, str], empty_database: Path, tmp_path: Path
) -> None:
    """A seal would tell that the name was near that of verified people, and be gone after a way out and in."""
    made = make_comment(app, name="Kundenservice Anna")
    assert b'"seal"' in taken_out(app, tmp_path / "before.jsonl")
    within(app, lambda: withdraw(made.id))
    out = taken_out(app, tmp_path / "out.jsonl")
    assert b'"seal"' not in out
    with another(environ, tmp_path / "there", empty_database) as there:
        assert "1 imported" in bring_in(there, str(tmp_path / "out.jsonl"), "jsonl").stdout
        assert taken_out(there, tmp_path / "again.jsonl") == out
