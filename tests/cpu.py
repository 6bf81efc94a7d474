"""What work costs in CPU seconds, asked in ways that a busy or slow machine does not change.

Speed is measured in `bench/`. Tests ask how the cost of a text grows with its length, and that no text costs many
times what any does.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

T = TypeVar("T")
LONGER = 16  # how much longer the text is whose cost is compared
STEEP = 100.0  # linear work grows 16-fold with it, quadratic work 256-fold: between the two
TRIES = 20  # the least of them counts; what the machine does besides only adds
TRIFLE = 0.0001  # seconds; less is not told from nothing


def growth(work: Callable[[int], object], length: int) -> float:
    """How often the cost of a sixteenth of `length` is in that of the whole, both without what nothing costs."""
    nothing, short, whole = (_least(partial(work, size)) for size in (0, length // LONGER, length))
    for _ in range(TRIES):
        found = (whole() - nothing()) / max(short() - nothing(), TRIFLE)
        if found < STEEP:
            break
    return found


def times(work: Callable[[], object], other: Callable[[], object]) -> float:
    """How often the cost of the other work is in that of this one, by the least of many tries of each."""
    mine, others = _least(work), _least(other)
    for _ in range(TRIES):
        found = mine() / max(others(), TRIFLE)
    return found


def cpu_seconds(work: Callable[[], T], limit: float) -> tuple[T, float]:
    """What the work answers and its CPU seconds; the least of three tries when the first is over the limit."""
    found, least = _timed(work)
    for _ in range(2):
        if least < limit:
            break
        found, again = _timed(work)
        least = min(least, again)
    return found, least


@contextmanager
def own_garbage_only() -> Iterator[None]:
    """Keep the collector off everything that was there before: hours of tests are not the text's cost.

    What is set aside stays so, with the modules and tests that are (`tests/garbage.py`): to give it back would have all
    of it looked through again.
    """
    gc.collect()
    gc.freeze()
    yield


def _least(work: Callable[[], object]) -> Callable[[], float]:
    """Does the work once more at each call; answers the least seconds of all calls so far."""
    took: list[float] = []

    def again() -> float:
        took.append(_timed(work)[1])
        return min(took)

    return again


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    return work(), time.process_time() - began
