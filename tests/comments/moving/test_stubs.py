"""Comments without words that keep the place of what was deleted: made once, for who is there, from what is there."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.models import Comment, State, erasure, expiry
from app.config import settings
from app.extensions import db
from app.ledger import outside
from app.spam.models import BayesTotal
from tests.cast import within
from tests.comments.moving.files import agrees, another, bring_in, comment, line, own, taken_out, wordpress
from tests.comments.moving.test_isso import database
from tests.conftest import At
from tests.page import Pages

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


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 1, 0)])
def test_what_a_file_has_in_the_bin_and_approved_is_here_with_its_words(
    app: Flask, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """As two exports in one file have it: its place is below what it answers, and what answers it is below it."""
    rows = comment(2, "Weg", parent=1, approved="trash"), comment(3, "Antwort", parent=2), comment(2, "Da", parent=1)
    done = bring_in(app, wordpress(tmp_path, comment(1, "Zuerst"), *(rows[one] for one in order)), "wxr", *UNDER)
    assert (done.exit_code, "place" in done.stdout) == (0, False)
    assert "4 rows read: 3 imported, 0 here already, 0 refused, 1 left out." in done.stdout
    with app.app_context():
        by_text = {one.text: one for one in db.session.scalars(select(Comment))}
        assert by_text.keys() == {"Zuerst", "Da", "Antwort"}
        assert by_text["Antwort"].parent_id == by_text["Da"].id
        assert by_text["Da"].parent_id == by_text["Antwort"].thread_id == by_text["Zuerst"].id
    assert agrees(app)


def test_a_damaged_file_keeps_the_place_of_what_it_has_in_the_bin(app: Flask, tmp_path: Path) -> None:
    rows = comment(1, approved="trash"), comment(2, "Antwort", parent=1), "<x></y>"
    done = bring_in(app, wordpress(tmp_path, *rows), "wxr", *UNDER)
    assert "stands after the damage" not in done.stderr
    assert texts(app) == ["", "Antwort"]


def test_what_comes_out_of_the_bin_there_gets_its_words_here(on_each: Flask, pages: Pages, tmp_path: Path) -> None:
    app, answer = on_each, comment(2, "Antwort", parent=1)
    bring_in(app, wordpress(tmp_path, comment(1, "Da", approved="trash"), answer), "wxr", *UNDER)
    before = pages.open("/posts/netz").html
    between = (comment(number, "x", type="pingback") for number in range(3, 220))  # more than a transaction has
    file = wordpress(tmp_path, comment(1, "Endlich da"), comment(1, "Noch einmal"), answer, *between, comment(1, "Da"))
    for dry, said in (["--dry-run"], "1 would be imported, 3"), ([], "1 imported, 3"), ([], "0 imported, 4"):
        assert f"{said} here already" in bring_in(app, file, "wxr", *UNDER, *dry).stdout
    page = pages.open("/posts/netz").html
    assert ("Endlich da" in before, "Endlich da" in page, "Antwort" in page) == (False, True, True)
    with app.app_context():
        stub = db.session.scalars(select(Comment).order_by(Comment.id)).first()
        assert stub is not None
        assert (stub.name, stub.state, stub.is_decided, stub.lesson) == ("Lena", State.PUBLISHED, True, "ham")
        assert [one.ham for one in db.session.scalars(select(BayesTotal))] == [2]
    assert agrees(app)


@pytest.mark.parametrize("said", [{"approved": "0"}, {"approved": "spam"}, {"author": "O2"}, {"content": "x" * 5001}])
def test_what_readers_may_not_see_fills_no_stub(app: Flask, tmp_path: Path, said: dict[str, Any]) -> None:
    answer = comment(2, "Antwort", parent=1)
    bring_in(app, wordpress(tmp_path, comment(1, approved="trash"), answer), "wxr", *UNDER)
    bring_in(app, wordpress(tmp_path, comment(1, "Da", **said), answer), "wxr", *UNDER)
    assert texts(app) == ["", "Antwort"]
    assert agrees(app)


@pytest.mark.parametrize("how", ["removed", "erased"])
def test_what_was_removed_or_erased_here_is_no_stub_to_fill(app: Flask, tmp_path: Path, how: str) -> None:
    rows = wordpress(tmp_path, comment(1, "Da"), comment(2, "Antwort", parent=1))
    bring_in(app, rows, "wxr", *UNDER)
    with app.app_context():
        first = db.session.scalars(select(Comment).order_by(Comment.id)).first()
        assert first is not None
        if how == "erased":
            erasure.erase(first)
        else:
            first.state, first.text, first.removed_key = State.REMOVED, "", "insult"
        db.session.commit()
    assert "0 imported, 2 here already" in bring_in(app, rows, "wxr", *UNDER).stdout
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
