"""One pen for many hands: what threads hand in at the same time is written by one of them, all in one go.

A commit costs its fsync and a dozen statements, for one row as for fifty. So whoever comes while nobody writes takes
the pen and writes; whoever comes meanwhile lines up. When the writer is done, the first in line takes the pen, and
writes for all who have lined up by the moment when it is its turn in the database, too: while another process has
that, the group grows. Nobody is answered before the write that holds their sheet has returned.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Sheet = TypeVar("Sheet")
Answer = TypeVar("Answer")

Gather = Callable[[], list[Sheet]]
"""The sheets to be written, of all who have lined up until it is called; the same ones when called again."""

Write = Callable[[Gather[Sheet], float], Sequence[Answer]]
"""Writes all sheets or none, waiting so many seconds for others at most; an answer for each, in their order.

It gathers them once nobody else stands in its way.
"""

A_MOMENT = 0.05  # seconds that a writer waits where the one before has just waited in vain


class TooMany(Exception):
    """More is waiting than can be written in time; nothing of this one was written."""


class _Turn(Generic[Sheet, Answer]):
    """One sheet, and who waits for it."""

    __slots__ = ("answer", "called", "came", "error", "is_leading", "sheet")

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.came = sheet, time.monotonic()
        self.answer: Answer
        self.error: BaseException | None = None
        self.is_leading = False
        self.called = threading.Lock()
        self.called.acquire()  # let go to call


class Pen(Generic[Sheet, Answer]):
    """Writes sheets in groups, each whole or not at all."""

    def __init__(
        self,
        write: Write[Sheet, Answer],
        *,
        concerns_all: Callable[[Exception], bool],
        patience: Callable[[], float],
        at_once: int = 64,
        waiting: int = 256,
    ) -> None:
        """`concerns_all` tells a failure that would meet anybody (a locked database) from that of one bad sheet.

        `patience` is for how many seconds anybody waits; at most `at_once` sheets are written in one go, and at most
        `waiting` lie in line.
        """
        self._write, self._concerns_all, self._patience = write, concerns_all, patience
        self._at_once, self._most = at_once, waiting
        self._guard = threading.Lock()
        self._line = deque[_Turn[Sheet, Answer]]()
        self._is_taken = self._is_dry = False

    @property
    def waiting(self) -> int:
        """How many are in line."""
        return len(self._line)

    def hand_in(self, sheet: Sheet) -> Answer:
        """Have a sheet written, alone or with others; its answer, once that is done.

        Raises TooMany where the line is too long or does not move, and what `write` raised for this sheet.
        """
        turn = self._line_up(sheet)
        if not turn.called.acquire(timeout=self._patience()):
            if self._give_up(turn):
                raise TooMany
            turn.called.acquire()  # it is being written: what became of it must be known
        if turn.is_leading:
            self._lead(turn)
        if turn.error is not None:
            raise turn.error
        return turn.answer

    def _line_up(self, sheet: Sheet) -> _Turn[Sheet, Answer]:
        turn = _Turn[Sheet, Answer](sheet)
        with self._guard:
            if len(self._line) >= self._most:
                raise TooMany
            self._line.append(turn)
            if not self._is_taken:
                self._is_taken = True
                self._call_first()
        return turn

    def _give_up(self, turn: _Turn[Sheet, Answer]) -> bool:
        """Leave the line; False for one whose sheet has been taken out of it, or who holds the pen."""
        with self._guard:
            if turn.is_leading or turn not in self._line:
                return False
            self._line.remove(turn)
            return True

    def _lead(self, mine: _Turn[Sheet, Answer]) -> None:
        """Write for all who have lined up, then pass the pen on."""
        group = list[_Turn[Sheet, Answer]]()
        seconds = A_MOMENT if self._is_dry else max(A_MOMENT, self._patience() - (time.monotonic() - mine.came))
        try:
            self._write_group(group, seconds)
        finally:
            self._pass_on()
            for turn in group:
                if turn is not mine:
                    turn.called.release()

    def _write_group(self, group: list[_Turn[Sheet, Answer]], seconds: float) -> None:
        """Write a group, empty until then. What fails for a reason of its own is written once more, each by itself."""
        error = self._written(group, seconds)
        self._is_dry = error is not None and self._concerns_all(error)
        if error is None or self._is_dry:
            return
        for turn in group:
            turn.error = None
            self._written([turn], seconds)

    def _written(self, turns: list[_Turn[Sheet, Answer]], seconds: float) -> Exception | None:
        """The fault that kept a group from being written, which each of them is told; None when all is well."""

        def gather() -> list[Sheet]:
            if not turns:
                turns.extend(self._called())
            return [turn.sheet for turn in turns]

        try:
            answers = self._write(gather, seconds)
            answered = list(zip(turns, answers, strict=True))
        except Exception as error:  # noqa: BLE001 -- whatever it is, whoever handed in has to hear it
            self._tell(turns, error)
            return error
        except BaseException as error:
            self._tell(turns, error)
            raise
        for turn, answer in answered:
            turn.answer = answer
        return None

    def _called(self) -> list[_Turn[Sheet, Answer]]:
        """Those who are first in line, out of it."""
        with self._guard:
            return [self._line.popleft() for _ in range(min(len(self._line), self._at_once))]

    def _tell(self, turns: list[_Turn[Sheet, Answer]], error: BaseException) -> None:
        """Tell a group what went wrong; where it never came to its turn, all who have waited for that."""
        turns.extend([] if turns else self._called())
        for turn in turns:
            turn.error = error

    def _pass_on(self) -> None:
        with self._guard:
            if self._line:
                self._call_first()
            else:
                self._is_taken = False

    def _call_first(self) -> None:
        first = self._line[0]
        first.is_leading = True
        first.called.release()
