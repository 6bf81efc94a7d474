"""What this site has deleted, or promised to delete, comes back by no file, and leaves by none."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.models import Comment, State, expiry
from app.comments.models.erasure import erase
from app.comments.models.withdrawal import withdraw
from app.extensions import db
from app.kit.tokens import digest
from tests.cast import make_comment, within
from tests.comments.moving.files import agrees, another, bring_in, line, own, taken_out
from tests.conftest import At
from tests.page import Pages

DAY = 60 * 24  # minutes
WORDS = "Meine Nummer ist 0170, bitte niemals zeigen."


def texts(app: Flask) -> list[tuple[State, str]]:
    return within(
        app, lambda: [(one.state, one.text) for one in db.session.scalars(select(Comment).order_by(Comment.id))]
    )


def take_back(app: Flask, comment: Comment, *, for_good: bool = False) -> None:
    with app.app_context():
        found = db.session.get_one(Comment, comment.id)
        found.link_hash = digest("a link")
        erase(found) if for_good else withdraw(found)
        db.session.commit()


def test_what_expired_here_does_not_come_back_out_of_our_own_file(app: Flask, at: At, tmp_path: Path) -> None:
    make_comment(app, text="Billige Pillen kaufen heute nur hier frei Haus", state=State.SPAM)
    make_comment(app, text=WORDS, state=State.WAITING)
    taken_out(app, tmp_path / "out.jsonl")
    at(DAY * 91)
    with app.app_context():
        assert (expiry.forget_spam(), expiry.forget_undecided()) == (1, 1)
        db.session.commit()
    for dry in ([], ["--dry-run"]):
        assert ", 2 here already, 0 refused" in bring_in(app, str(tmp_path / "out.jsonl"), "jsonl", *dry).stdout
    assert texts(app) == []
    assert agrees(app)


def test_nothing_is_imported_where_nobody_can_tell_what_was_deleted(app: Flask, tmp_path: Path) -> None:
    (app.extensions["settings"].instance / "erasures.log").write_text('{"odd":1}\n', "utf-8")
    done = bring_in(app, own(tmp_path, line(1)), "jsonl")
    assert done.exit_code == 1
    assert "is not imported, as what was deleted here could come back: line 1 of " in done.stderr
    assert texts(app) == []


@pytest.mark.parametrize("for_good", [False, True])
def test_what_its_writer_took_back_leaves_its_place_and_no_word(
    app: Flask, environ: dict[str, str], empty_database: Path, tmp_path: Path, for_good: bool
) -> None:
    first = make_comment(app, text=WORDS, name="Karin")
    make_comment(app, text="Bei mir auch.", parent=first)
    take_back(app, first, for_good=for_good)
    out = taken_out(app, tmp_path / "out.jsonl")
    assert b"0170" not in out
    assert b"Karin" not in out
    with another(environ, tmp_path / "there", empty_database) as there:
        assert "2 imported" in bring_in(there, str(tmp_path / "out.jsonl"), "jsonl").stdout
        assert texts(there) == [(State.REMOVED, ""), (State.PUBLISHED, "Bei mir auch.")]
        assert "Bei mir auch." in Pages(there.test_client()).open("/posts/netz").html
        assert taken_out(there, tmp_path / "again.jsonl") == out
        assert agrees(there)


def test_a_file_from_before_that_rule_brings_no_word_of_what_was_withdrawn(app: Flask, tmp_path: Path) -> None:
    withdrawn = line(1, state="removed", taken_back="withdrawn", text=WORDS, reasons=["links"], heard={"links": 2})
    erased = line(3, state="removed", taken_back="erased", text=WORDS)
    done = bring_in(app, own(tmp_path, withdrawn, line(2, parent=f"{1:064x}"), erased), "jsonl")
    assert "comments.jsonl:4: Its writer had it erased, and its words are there." in done.stderr
    assert texts(app) == [(State.REMOVED, ""), (State.PUBLISHED, "Nummer 2.")]
    (first, _) = map(json.loads, taken_out(app, tmp_path / "out.jsonl").decode().splitlines()[1:])
    assert set(first) == {"key", "post", "state", "written_at", "published_at", "decided", "taken_back"}
