"""What a reader's text costs on its way to safe HTML; the limit is half a second of CPU."""

import time
from collections.abc import Callable
from functools import partial

from app.kit import markup
from bench.measure import Figure, median_ms

LIMIT = 500.0  # milliseconds of CPU
ORDINARY = (
    "Seit **Oktober** geht nichts mehr:\n\n> Sie sind ein Einzelfall\n\n- Berlin\n- [Beleg](https://example.org)\n" * 3
)
HOSTILE = {
    "brackets": "[a" * 2500,
    "images": "![" * 2500,
    "quotes": "> " * 2500,
    "underscores": "_" * 5000,
    "lists": "1. a\n" * 1000,
    "comments": "<!-- " * 1000,
}


def figures() -> list[Figure]:
    """An ordinary comment, and the slowest of the hostile ones, against the limit."""
    slowest = max(HOSTILE, key=lambda name: _cpu_ms(lambda: markup.comment(HOSTILE[name])))
    texts = {"ordinary comment": ORDINARY, f"hostile comment ({slowest})": HOSTILE[slowest]}
    found = []
    for name, text in texts.items():
        ms = median_ms(partial(markup.comment, text), 10)
        found.append(Figure(name, ms, 0, len(text), ms / LIMIT, f"limit {LIMIT:.0f} ms"))
    return found


def _cpu_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
