"""A second import, later: what was decided there meanwhile is told, and changes nothing that is here."""

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.comments.models import Comment, State
from app.extensions import db
from tests.cast import within
from tests.comments.moving.files import bring_in, comment, line, own, wordpress


def ids(app: Flask) -> list[int]:
    return within(app, lambda: list(db.session.scalars(select(Comment.id).order_by(Comment.id))))


def states(app: Flask) -> list[State]:
    return within(app, lambda: list(db.session.scalars(select(Comment.state).order_by(Comment.id))))


def test_what_was_taken_from_readers_there_is_told_and_stays_here(on_each: Flask, tmp_path: Path) -> None:
    bring_in(on_each, wordpress(tmp_path, *(comment(number) for number in range(1, 6))))
    first, second = ids(on_each)[:2]
    later = [
        comment(1, approved="trash"),
        comment(2, approved="spam"),
        comment(3, approved="0"),
        comment(4),
        comment(9, approved="trash"),
    ]
    for dry in (["--dry-run"], []):
        done = bring_in(on_each, wordpress(tmp_path, *later), "wxr", *dry)
        told = [one for one in done.stderr.splitlines() if "readers see it here" in one]
        assert [one.split(":", 1)[1] for one in told] == [
            f"5: deleted or spam there, and readers see it here: /desk/comments/{first}",
            f"6: deleted or spam there, and readers see it here: /desk/comments/{second}",
        ]
        assert done.exit_code == 0
    assert states(on_each) == [State.PUBLISHED] * 5


def test_a_first_import_and_what_left_the_bin_are_told_of_by_nobody(app: Flask, tmp_path: Path) -> None:
    first = wordpress(tmp_path, comment(1), comment(2, approved="trash"), comment(3, approved="spam"))
    assert "readers see it here" not in bring_in(app, first).stderr
    again = wordpress(tmp_path, comment(1, approved="trash"), comment(1), comment(3, approved="spam"))
    assert "readers see it here" not in bring_in(app, again).stderr


def test_our_own_file_tells_it_as_well(app: Flask, tmp_path: Path) -> None:
    bring_in(app, own(tmp_path, line(1), line(2)), "jsonl")
    done = bring_in(app, own(tmp_path, line(1, state="removed", removed_key="insult"), line(2)), "jsonl")
    assert done.stderr.count("readers see it here") == 1


def test_of_very_many_the_first_are_named(app: Flask, tmp_path: Path) -> None:
    bring_in(app, wordpress(tmp_path, *(comment(number) for number in range(1, 54))))
    later = wordpress(tmp_path, *(comment(number, approved="trash") for number in range(1, 54)))
    done = bring_in(app, later)
    assert done.stderr.count("readers see it here") == 50
    assert "… and 3 more that readers see here" in done.stderr
