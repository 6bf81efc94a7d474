"""Isso's database: every comment in it that can be read, and nothing that it does to whoever reads it."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.importing import Deleted, Row, Unreadable, isso
from app.comments.models import Comment, State
from app.extensions import db
from app.web.moving import Fault
from tests.cast import within
from tests.comments.moving.files import bring_in

COLUMNS = "parent, created, mode, remote_addr, text, author, email, website, likes, dislikes"


def database(folder: Path, *rows: tuple[object, str], id_: str = "id INTEGER PRIMARY KEY") -> Path:
    """One of the same shape as Isso's, with these numbers and words under one thread."""
    file = folder / "comments.db"
    made = sqlite3.connect(file)
    made.execute("CREATE TABLE threads (id INTEGER PRIMARY KEY, uri, title)")
    made.execute("INSERT INTO threads VALUES (1, '/netz/', 'Netz')")
    made.execute(f"CREATE TABLE comments (tid, {id_}, {COLUMNS})")
    insert = "INSERT INTO comments (tid, id, text, created, mode, author) VALUES (1, ?, ?, 1321000000.0, 1, 'Lena')"
    made.executemany(insert, rows)
    made.commit()
    made.close()
    return file


def texts(app: Flask) -> list[str]:
    return within(app, lambda: list(db.session.scalars(select(Comment.text).order_by(Comment.id))))


def test_isso_is_read_as_it_is_there(app: Flask, shared: Path) -> None:
    rows = list(isso.read(shared / "data/imports/isso/comments.db"))
    told = [(row.line, row.name, row.state) for row in rows if isinstance(row, Row)]
    published = [
        (number, name, State.PUBLISHED) for number, name in [(1, "Karin"), (2, "Jörg"), (4, "Max von O2"), (5, "")]
    ]
    assert sorted(told) == sorted([*published, (3, "best deals", State.WAITING)])
    gone = rows[-1]
    assert isinstance(gone, Deleted)
    by_line = {row.line: row for row in rows if isinstance(row, Row)}
    assert by_line[2].parent == by_line[1].key
    assert by_line[1].thread.addresses == ("/2011/11/wir-sind-einzelfall/",)
    assert "vote" in by_line[1].beside


def test_isso_is_not_written_to(app: Flask, shared: Path, tmp_path: Path) -> None:
    copy = tmp_path / "comments.db"
    copy.write_bytes((shared / "data/imports/isso/comments.db").read_bytes())
    before = copy.read_bytes()
    bring_in(app, str(copy), "isso", "--post", "netz")
    assert (copy.read_bytes(), [one.name for one in tmp_path.glob("comments*")]) == (before, ["comments.db"])


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["CREATE TABLE other (id)"], "no tables “comments” and “threads”"),
        (
            [
                "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri, title)",
                (
                    "CREATE VIEW comments AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
                    " SELECT x AS id FROM n"
                ),
            ],
            "no tables “comments” and “threads”",
        ),
        (
            ["CREATE TABLE threads (id)", "CREATE VIRTUAL TABLE comments USING fts5 (id, text)"],
            "no tables “comments” and “threads”",
        ),
        (
            ["CREATE TABLE threads (id)", "CREATE TABLE comments (id, text AS (hex(zeroblob(400000))))"],
            "no tables “comments” and “threads”",
        ),
        (["CREATE TABLE threads (id)", "CREATE TABLE comments (id)"], "no such column"),
    ],
)
def test_a_database_of_something_else_is_refused(tmp_path: Path, statements: list[str], said: str) -> None:
    file = tmp_path / "comments.db"
    made = sqlite3.connect(file)
    for statement in statements:
        made.execute(statement)
    made.commit()
    made.close()
    with pytest.raises(Unreadable, match=said):
        list(isso.read(file))


def test_values_of_isso_may_be_of_any_type(app: Flask, shared: Path, tmp_path: Path) -> None:
    file = tmp_path / "comments.db"
    file.write_bytes((shared / "data/imports/isso/comments.db").read_bytes())
    made = sqlite3.connect(file)
    made.execute("UPDATE comments SET created = 'gestern' WHERE id = 1")
    made.execute("UPDATE comments SET mode = 'x' WHERE id = 2")
    made.execute("UPDATE comments SET tid = 77 WHERE id = 3")
    made.execute("UPDATE comments SET author = x'4ac3b67267', text = 12 WHERE id = 4")
    made.commit()
    made.close()
    rows = list(isso.read(file))
    faults = {row.line: row.column for row in rows if isinstance(row, Fault)}
    assert faults == {1: "created", 2: "mode", 3: "tid"}
    assert [(row.name, row.text) for row in rows if isinstance(row, Row) and row.line == 4] == [("Jörg", "12")]


@pytest.mark.parametrize(
    ("end", "content", "is_refused"),
    [("-wal", b"x", True), ("-journal", b"\xd9\xd5", True), ("-journal", b"", False), ("-journal", b"\0\0\0", False)],
)
def test_isso_that_is_running_is_to_be_stopped_first(
    tmp_path: Path, shared: Path, end: str, content: bytes, is_refused: bool
) -> None:
    file = tmp_path / "comments.db"
    file.write_bytes((shared / "data/imports/isso/comments.db").read_bytes())
    file.with_name(f"comments.db{end}").write_bytes(content)
    if is_refused:
        with pytest.raises(Unreadable, match="Isso"):
            list(isso.read(file))
    else:
        assert len(list(isso.read(file))) == 6


def test_words_that_isso_never_committed_do_not_come(app: Flask, tmp_path: Path) -> None:
    """Its journal says what was there before; who opens a file as immutable does not ask it."""
    file = database(tmp_path, *((number, "Netz weg. " * 50) for number in range(1, 400)))
    writing = sqlite3.connect(file, isolation_level=None)
    writing.execute("PRAGMA cache_size=2")
    writing.execute("BEGIN")
    writing.execute("UPDATE comments SET text = 'mitten im Schreiben'")
    done = bring_in(app, str(file), "isso", "--post", "netz")
    writing.close()
    assert done.exit_code == 1
    assert "comments.db-journal" in done.stderr
    assert texts(app) == []


def test_one_value_without_end_keeps_no_other_comment_out(app: Flask, tmp_path: Path) -> None:
    sizes = {1: 1_100_000, 3: 1_100_000, 5: 1_100_000}
    file = database(tmp_path, *((number, "x" * sizes.get(number, 9)) for number in range(1, 6)))
    done = bring_in(app, str(file), "isso", "--post", "netz")
    assert "comments.db:3: One of its values is longer than any comment." in done.stderr
    assert "5 rows read: 2 imported, 0 here already, 3 refused." in done.stdout


def test_a_damaged_database_says_after_which_comment_and_what_came_in(app: Flask, tmp_path: Path) -> None:
    file = database(tmp_path, *((number, "Netz weg. " * 30 + str(number)) for number in range(1, 601)))
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    file.write_bytes(content)
    for said in ("imported, 0 here already, 0 refused", "0 imported,"):
        done = bring_in(app, str(file), "isso", "--post", "netz")
        assert done.exit_code == 1
        assert f"comments.db:{len(texts(app))}: The file is damaged after this comment" in done.stderr
        assert said in done.stdout
    assert 200 < len(texts(app)) < 599


def test_comments_of_isso_without_a_number_are_refused(app: Flask, tmp_path: Path) -> None:
    file = database(tmp_path, ("abc", "Eins"), (2, "Zwei"), id_="id BLOB")
    done = bring_in(app, str(file), "isso", "--post", "netz")
    assert "comments.db:2: id: The comment after this one has no number." in done.stderr
    assert texts(app) == ["Zwei"]
