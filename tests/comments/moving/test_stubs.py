"""Comments without words that keep the place of what was deleted: made once, for who is there, from what is there."""

import json
import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.models import Comment, expiry
from app.config import settings
from app.extensions import db
from app.ledger import outside
from tests.cast import within
from tests.comments.moving.files import another, bring_in, comment, line, own, taken_out, wordpress
from tests.comments.moving.test_isso import database
from tests.conftest import At

UNDER = ("--post", "netz")


def texts(app: Flask) -> list[str]:
    return within(app, lambda: list(db.session.scalars(select(Comment.text).order_by(Comment.id))))


def test_what_expired_here_and_was_binned_there_does_not_stop_an_import(app: Flask, at: At, tmp_path: Path) -> None:
    assert bring_in(app, wordpress(tmp_path, comment(1, "Pillen", approved="spam")), "wxr", *UNDER).exit_code == 0
    with app.app_context():
        at(60 * 24 * 31)
        assert expiry.forget_spam() == 1
        db.session.commit()
    file = wordpress(tmp_path, comment(1, approved="trash"), comment(2, "Antwort", parent=1), comment(3, "Bleibt"))
    done = bring_in(app, file, "wxr", *UNDER)
    assert done.exit_code == 0, done.stderr
    assert {"Antwort", "Bleibt"} <= {*texts(app)}
    before = texts(app)
    assert bring_in(app, file, "wxr", *UNDER).exit_code == 0
    assert texts(app) == before


def test_what_stands_deleted_and_published_in_one_file_is_one_comment(app: Flask, tmp_path: Path) -> None:
    rows = comment(1, approved="trash"), comment(2, "Antwort", parent=1), comment(1, "Da")
    assert bring_in(app, wordpress(tmp_path, *rows), "wxr", *UNDER).exit_code == 0
    assert texts(app) == ["", "Antwort"]


def test_nobody_keeps_the_place_of_a_comment_whose_only_answer_is_refused(app: Flask, tmp_path: Path) -> None:
    rows = comment(1, approved="trash"), comment(2, "x" * 6000, parent=1), comment(3, "Gut")
    bring_in(app, wordpress(tmp_path, *rows), "wxr", *UNDER)
    assert texts(app) == ["Gut"]


def test_a_site_that_moves_with_its_log_keeps_the_places_of_what_was_deleted(
    environ: dict[str, str], empty_database: Path, tmp_path: Path
) -> None:
    gone = line(1, name="", text="", state="removed", taken_back="erased")
    file = own(tmp_path, gone, line(2, parent=f"{1:064x}"))
    with another(environ, tmp_path / "there", empty_database) as there:
        with there.app_context():
            told = json.dumps({"on": "2026-01-01", "comment": f"{1:064x}"})
            (settings().instance / outside.FILE).write_text(f"{told}\n")
        assert bring_in(there, file, "jsonl").exit_code == 0
        rows = [json.loads(row) for row in taken_out(there, tmp_path / "out").splitlines()[1:]]
    assert [(one["key"][-1], one.get("parent", "none")[-1]) for one in rows] == [("1", "e"), ("2", "1")]


def test_behind_a_link_a_database_in_use_is_refused_as_well(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    file, link = database(tmp_path / "real", (1, "Eins")), tmp_path / "comments.db"
    used = sqlite3.connect(file)
    used.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; UPDATE comments SET text = '';")
    used.commit()
    link.symlink_to(file)
    done = bring_in(app, str(link), "isso", *UNDER)
    used.close()
    assert "is being written to" in done.stderr
    assert texts(app) == []


@pytest.mark.parametrize("field", ["removed_because", "alert", "removed_key"])
def test_a_sign_that_no_database_takes_costs_its_line_alone(on_each: Flask, tmp_path: Path, field: str) -> None:
    rows = line(1, **{field: "a\0b", "state": "removed", "published_at": None}), line(2)
    done = bring_in(on_each, own(tmp_path, *rows), "jsonl")
    assert "Traceback" not in done.stderr
    assert len(texts(on_each)) == 1
