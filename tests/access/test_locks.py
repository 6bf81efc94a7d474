"""Deeds take rows in one order, so that no two wait for each other; only PostgreSQL would show it, and seldom."""

from collections.abc import Iterator

import pytest

from tests.access.locks import LOCKED
from tests.access.matrix import Line

pytestmark = pytest.mark.sqlite("its site is that of the matrix")


def test_every_deed_takes_a_thread_before_its_comments_and_those_before_what_is_about_them(lines: list[Line]) -> None:
    wrong = [f"{rule}: {' '.join(taken)}" for rule, taken in _taken(lines) if list(taken) != sorted(taken, key=_rank)]
    assert sorted(set(wrong)) == []
    assert len({rule for rule, _taken_ in _taken(lines)}) > 12


def _rank(table: str) -> int:
    return min(LOCKED.index(table), 2)  # whoever has the comment has what is about it


def _taken(lines: list[Line]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Transactions in which rows of more than one table were taken."""
    for line in lines:
        for cell in line.cells.values():
            yield from ((line.rule.rule, taken) for taken in cell.took if len(taken) > 1)
