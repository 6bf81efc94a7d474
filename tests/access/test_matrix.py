"""The matrix of access, generated and held against the one that people have read (docs/access.md)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.matrix import Cell, Line, method_of, table
from tests.access.world import ERASED, HELD, NEVER, NOBODYS, SPAM, STRANGER, World
from tests.desk.rooms import DOORS

pytestmark = pytest.mark.sqlite("between two questions the site is put back from a copy of its file")
READ = Path(__file__).parents[2] / "docs" / "access.md"
HEAD = READ.read_text("utf-8").partition("\n## ")[0] if READ.exists() else ""


def test_everybody_may_do_what_people_have_read_and_nothing_else(lines: list[Line]) -> None:
    desk, elsewhere = (table([line for line in lines if line.is_of_the_desk is is_desk]) for is_desk in (True, False))
    now = f"{HEAD}\n## The desk\n\n{desk}\n\n## Everywhere else\n\n{elsewhere}\n"
    if os.environ.get("ACCESS"):  # somebody will read it before it is committed
        READ.write_text(now, "utf-8")
    assert now == READ.read_text("utf-8"), "ACCESS=1 writes it anew; read what has changed"


def test_a_stranger_sees_and_does_nothing_at_the_desk(lines: list[Line]) -> None:
    seen = {line.cells[STRANGER].word for line in lines if line.is_of_the_desk and line.rule.endpoint not in DOORS}
    assert seen == {"sign in"}


def test_a_session_never_leaves_the_desk_so_that_nobody_is_more_elsewhere(world: World) -> None:
    for role, client in world.people.items():
        assert {cookie.path for cookie in (client._cookies or {}).values()} <= {"/desk"}, role


def test_no_question_ends_in_a_fault_of_the_site(lines: list[Line]) -> None:
    assert [f"{line.rule} {line.about}" for line in lines for cell in line.cells.values() if cell.status >= 500] == []


def test_whoever_is_refused_cannot_tell_what_is_there_from_what_is_not(lines: list[Line]) -> None:
    refused = 0
    for line, role, cell in _cells(lines):
        if cell.status in {403, 404}:
            none = _of(lines, line, NOBODYS)
            if none and none.cells[role].status == cell.status:
                assert cell.body == none.cells[role].body, f"{role} {line.rule} {line.about}"
                refused += 1
            else:
                assert none is None, f"{role} is told of {line.rule} {line.about} by another number"
    assert refused > 100


def test_a_reader_cannot_tell_a_hidden_comment_from_none(lines: list[Line]) -> None:
    hidden = [line for line in lines if line.about in {HELD, SPAM, NEVER} and "code" not in line.rule.arguments]
    public = [line for line in hidden if not line.is_of_the_desk]
    for line in public:
        none = _of(lines, line, NOBODYS)
        assert none
        assert _told(line.cells[STRANGER]) == _told(none.cells[STRANGER]), f"{line.rule} {line.about}"
    assert len(public) >= 6


def test_an_erased_comment_answers_its_own_code_alike_whatever_is_asked(lines: list[Line]) -> None:
    erased = [line for line in lines if line.about == ERASED and "code" in line.rule.arguments]
    for method in ("GET", "POST"):
        answers = {_told(line.cells[STRANGER]) for line in erased if method_of(line.rule) == method}
        assert [status for status, _body in answers] == [410]


def _cells(lines: list[Line]) -> Iterator[tuple[Line, str, Cell]]:
    for line in lines:
        for role, cell in line.cells.items():
            yield line, role, cell


def _of(lines: list[Line], like: Line, about: str) -> Line | None:
    """The same route about something else."""
    found = [line for line in lines if line.rule is like.rule and line.about == about]
    return found[0] if found else None


def _told(cell: Cell) -> tuple[int, bytes]:
    return cell.status, cell.body
