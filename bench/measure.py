"""Timing and counting."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

ROUNDS = 30
WARM_UP = 3


@dataclass(frozen=True)
class Figure:
    """One line of the table: a cost, and what it is compared with."""

    name: str
    milliseconds: float
    queries: int
    size: int  # bytes as sent
    ratio: float
    peer: str


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of a call in milliseconds, after a warm-up."""
    for _ in range(WARM_UP):
        work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile, without those that begin a transaction."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:  # Any: the event's signature
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
