"""The file of an export is whole or not there, and its owner's only; words out of a file do nothing to a terminal."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.extensions import db
from app.web import moving
from tests.cast import make_comment
from tests.comments.moving.files import RSS, bring_in, comment, line, own, taken_out, wordpress

HOSTILE = "\x1b[2J\x1b]0;PWNED\x07\x9b31m\u202e"


def out(app: Flask, what: str, file: Path) -> str:
    """What an export says where it cannot write."""
    done = app.test_cli_runner().invoke(args=[what, "export", str(file)])
    assert done.exit_code == 1
    return done.stderr


def test_what_an_export_left_behind_opens_no_later_one(app: Flask, tmp_path: Path) -> None:
    make_comment(app)
    victim, file = tmp_path / "victim", tmp_path / "out.jsonl"
    victim.write_text("precious")
    (tmp_path / "out.jsonl.part").symlink_to(victim)
    file.write_text("an older export")
    file.chmod(0o644)
    assert b"einzelfall" in taken_out(app, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert victim.read_text() == "precious"
    assert sorted(one.name for one in tmp_path.iterdir() if "out" in one.name) == ["out.jsonl", "out.jsonl.part"]


@pytest.mark.parametrize("what", ["comments", "reports"])
@pytest.mark.parametrize("kind", ["link", "link to nowhere", "pipe"])
def test_no_link_and_no_pipe_is_replaced(app: Flask, tmp_path: Path, what: str, kind: str) -> None:
    target, victim = tmp_path / "target", tmp_path / "victim"
    if kind == "pipe":
        os.mkfifo(target)
    else:
        target.symlink_to(victim)
    if kind == "link":
        victim.write_text("precious")
    assert "it is a link or no plain file" in out(app, what, target)
    assert (target.is_fifo(), target.is_symlink()) == (kind == "pipe", kind != "pipe")
    assert kind != "link" or victim.read_text() == "precious"
    assert list(tmp_path.glob(".*.part")) == []


def test_an_export_that_returns_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink()))
    moving.write_whole(tmp_path / "out", ["one"])
    assert [one.name.startswith(".out.") for one in synced] == [True, False]
    assert synced[1] == tmp_path


def test_words_of_a_file_do_nothing_to_a_terminal(app: Flask, tmp_path: Path) -> None:
    signs = "".join(f"&#{ord(sign)};" for sign in HOSTILE if sign not in "\x1b\x07")  # what XML can have
    file = tmp_path / "wordpress.xml"
    rss = RSS.replace("2011/netz/", f"{signs}/").replace(">netz<", "><")
    file.write_text(rss.format(comments=comment(1) + comment(2, approved=signs)), "utf-8")
    isso = app.test_cli_runner().invoke(args=["comments", "import", str(file), "--format", "wxr"], color=True)
    keyed = own(tmp_path, json.dumps(line(1) | {HOSTILE: 1}), line(2, post=f"x{HOSTILE}"))
    jsonl = app.test_cli_runner().invoke(args=["comments", "import", keyed, "--format", "jsonl"], color=True)
    map_ = tmp_path / "map.toml"
    map_.write_text('"/a" = "\\u001b[2J"', "utf-8")
    arguments = ["comments", "import", wordpress(tmp_path, comment(1)), "--format", "wxr", "--map", str(map_)]
    mapped = app.test_cli_runner().invoke(args=arguments, color=True)
    for done, said in ((isso, "\\x9b31m\\u202e"), (jsonl, "\\x1b]0;PWNED\\x07"), (mapped, "no post “\\x1b[2J”")):
        assert said in done.stderr
        assert not [sign for sign in done.stderr if not sign.isprintable() and sign != "\n"]


def test_a_line_on_a_terminal_has_an_end() -> None:
    assert moving.printable("x" * 1_000_000) == "x" * moving.LONGEST + "…"
    assert moving.printable("Jörg “蓮” 😀") == "Jörg “蓮” 😀"


def test_an_import_that_is_stopped_says_what_is_in(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted is what is stored: the batch in which it was stopped is not."""
    file = wordpress(tmp_path, *(comment(number) for number in range(1, 451)))
    stored = 0

    def stop(*_: object) -> bool:
        nonlocal stored
        stored += 1
        if stored == 300:
            raise KeyboardInterrupt
        return False

    monkeypatch.setattr("app.comments.importing.placing.could_be_taken_for_another", stop)
    done = bring_in(app, file)
    assert done.exit_code == 1
    assert "200 imported" in done.stdout
    assert "Stopped before the end. Import it again" in done.stderr
    monkeypatch.undo()
    assert "250 imported, 200 here already" in bring_in(app, file).stdout


@pytest.mark.sqlite("its own limit stands for the disk's")
def test_a_full_disk_is_called_one_and_the_import_goes_on_when_there_is_room(app: Flask, tmp_path: Path) -> None:
    file = wordpress(tmp_path, *(comment(number) for number in range(1, 451)))
    with app.app_context():
        engine = db.engine

    room = 2  # pages that there are besides

    def limit(connection: Any, *_: object) -> None:  # Any: a connection of sqlite3
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + room}")

    event.listen(engine, "checkout", limit)
    done = bring_in(app, file)
    assert done.exit_code == 1
    assert "Stopped before the end. Import it again" in done.stderr
    assert "the disk of the database is full, or fails. What was finished is kept; make room" in done.stderr
    room = 100_000
    assert "450 imported, 0 here already" in bring_in(app, file).stdout


def test_a_database_that_is_not_there_is_not_called_a_full_disk(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        db.session.execute(text("ALTER TABLE comment_imported RENAME TO elsewhere"))
        db.session.commit()
    done = bring_in(app, wordpress(tmp_path, comment(1)), "wxr", "--dry-run")
    with app.app_context():
        db.session.execute(text("ALTER TABLE elsewhere RENAME TO comment_imported"))
        db.session.commit()
    assert "Stopped before the end. Nothing was changed." in done.stderr
    assert "the database is not ready. Run `make run` once" in done.stderr
