"""A pen that is passed on: all are written, each answered for itself, none waits for ever."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.pen import A_MOMENT, Gather, Pen, TooMany
from tests.server import PATIENCE, eventually


class Locked(Exception):
    """Meets everybody."""


class Bad(Exception):
    """Meets one."""


class Book:
    """What was written, group by group; it can be held up before or while one writes, and it can be locked."""

    def __init__(self, bad: frozenset[int] = frozenset(), locked: frozenset[int] = frozenset()) -> None:
        self.groups, self.seconds, self.tries = list[list[int]](), list[float](), 0
        self._bad, self._locked = bad, locked
        self.free, self.open = threading.Event(), threading.Event()
        self.free.set()
        self.open.set()

    def write(self, gather: Gather[int], seconds: float) -> list[str]:
        self.tries += 1
        self.seconds.append(seconds)
        number = self.tries
        assert self.free.wait(PATIENCE)
        if number in self._locked:
            raise Locked
        sheets = gather()
        assert self.open.wait(PATIENCE)
        if self._bad.intersection(sheets):
            raise Bad(sheets)
        self.groups.append(sheets)
        return [f"written {sheet}" for sheet in sheets]

    @property
    def written(self) -> list[int]:
        return [sheet for group in self.groups for sheet in group]

    def pen(self, patience: float = PATIENCE, **more: int) -> Pen[int, str]:
        return Pen(self.write, concerns_all=lambda e: isinstance(e, Locked), patience=lambda: patience, **more)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as made:
        yield made


def test_one_alone_is_written_at_once() -> None:
    book = Book()
    assert book.pen().hand_in(7) == "written 7"
    assert book.groups == [[7]]


def test_who_comes_while_one_writes_is_written_together(pool: ThreadPoolExecutor) -> None:
    book = Book()
    pen = book.pen()
    book.open.clear()
    first = pool.submit(pen.hand_in, 0)
    eventually(lambda: book.tries == 1, "the first one writes")
    others = [pool.submit(pen.hand_in, number) for number in range(1, 9)]
    eventually(lambda: pen.waiting == 8, "the others are in line")
    book.open.set()
    assert [one.result(PATIENCE) for one in (first, *others)] == [f"written {number}" for number in range(9)]
    assert [sorted(group) for group in book.groups] == [[0], list(range(1, 9))]


def test_who_comes_while_one_waits_for_the_database_is_written_with_it(pool: ThreadPoolExecutor) -> None:
    book = Book()
    pen = book.pen()
    book.free.clear()
    handed = [pool.submit(pen.hand_in, number) for number in range(5)]
    eventually(lambda: pen.waiting == 5, "all are in line")
    book.free.set()
    assert [one.result(PATIENCE) for one in handed] == [f"written {number}" for number in range(5)]
    assert [sorted(group) for group in book.groups] == [list(range(5))]


def test_where_the_database_is_waited_for_in_vain_all_who_waited_are_told(pool: ThreadPoolExecutor) -> None:
    book = Book(locked=frozenset({1}))
    pen = book.pen()
    book.free.clear()
    handed = [pool.submit(pen.hand_in, number) for number in range(5)]
    eventually(lambda: pen.waiting == 5, "all are in line")
    book.free.set()
    assert [type(one.exception(PATIENCE)) for one in handed] == [Locked] * 5
    assert (book.tries, pen.waiting, book.written) == (1, 0, [])


def test_nobody_is_answered_before_the_write_has_returned(pool: ThreadPoolExecutor) -> None:
    book = Book()
    book.open.clear()
    handed = pool.submit(book.pen().hand_in, 1)
    eventually(lambda: book.tries == 1, "it is being written")
    assert not handed.done()
    book.open.set()
    assert handed.result(PATIENCE) == "written 1"


def test_a_line_that_is_full_takes_nobody(pool: ThreadPoolExecutor) -> None:
    book = Book()
    pen = book.pen(waiting=2)
    book.open.clear()
    handed = [pool.submit(pen.hand_in, 0)]
    eventually(lambda: book.tries == 1, "the first one writes")
    handed += [pool.submit(pen.hand_in, number) for number in (1, 2)]
    eventually(lambda: pen.waiting == 2, "the line is full")
    with pytest.raises(TooMany):
        pen.hand_in(3)
    book.open.set()
    assert [one.result(PATIENCE) for one in handed] == ["written 0", "written 1", "written 2"]
    assert 3 not in book.written


def test_who_has_waited_long_enough_leaves_the_line_unwritten(pool: ThreadPoolExecutor) -> None:
    book = Book()
    pen = book.pen(patience=0.2)
    book.open.clear()
    first = pool.submit(pen.hand_in, 0)
    eventually(lambda: book.tries == 1, "the first one writes")
    with pytest.raises(TooMany):
        pen.hand_in(1)
    book.open.set()
    assert first.result(PATIENCE) == "written 0", "what is being written is waited for"
    assert pen.hand_in(2) == "written 2"
    assert book.written == [0, 2]


def test_after_one_has_waited_in_vain_the_next_one_only_looks(pool: ThreadPoolExecutor) -> None:
    book = Book(locked=frozenset({1}))
    pen = book.pen()
    with pytest.raises(Locked):
        pen.hand_in(0)
    assert [pen.hand_in(1), pen.hand_in(2)] == ["written 1", "written 2"]
    assert [seconds <= A_MOMENT for seconds in book.seconds] == [False, True, False]


@given(
    hands=st.integers(1, 12),
    each=st.integers(1, 4),
    at_once=st.integers(1, 6),
    bad=st.frozensets(st.integers(0, 47), max_size=6),
    locked=st.frozensets(st.integers(1, 12), max_size=4),
)
def test_each_is_written_once_or_told_why_not(
    hands: int, each: int, at_once: int, bad: frozenset[int], locked: frozenset[int]
) -> None:
    book = Book(bad, locked)
    pen, start = book.pen(at_once=at_once), threading.Barrier(hands)

    def hand_in(hand: int) -> dict[int, str]:
        start.wait()
        return {sheet: outcome(pen, sheet) for sheet in range(hand * each, (hand + 1) * each)}

    with ThreadPoolExecutor(hands) as pool:
        told = {sheet: said for part in pool.map(hand_in, range(hands)) for sheet, said in part.items()}
    assert sorted(book.written) == sorted(sheet for sheet, said in told.items() if said == f"written {sheet}")
    assert {sheet for sheet, said in told.items() if said == "bad"} <= bad
    assert not bad.intersection(book.written)
    assert all(said in {f"written {sheet}", "bad", "locked"} for sheet, said in told.items())
    assert max(map(len, book.groups), default=0) <= at_once
    assert pen.waiting == 0


def outcome(pen: Pen[int, str], sheet: int) -> str:
    time.sleep(0)  # let others come between
    try:
        return pen.hand_in(sheet)
    except Bad as error:
        return "bad" if error.args == ([sheet],) else "the fault of others"
    except Locked:
        return "locked"
