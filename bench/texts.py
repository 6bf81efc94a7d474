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
    "loose lists": "- a\n\n" * 1000,
    "lines": "* * *\n" * 833,
    "tables": "a|b\n-|-\n" * 625,
    "headings": "a\n=\n" * 1250,
}


def figures() -> list[Figure]:
    """An ordinary text as comment and as post, and the slowest of the hostile ones, against the limit."""
    return [figure for render in (markup.comment, markup.post) for figure in _of(render)]


def _of(render: Callable[[str], object]) -> list[Figure]:
    kind = render.__name__
    slowest = max(HOSTILE, key=lambda name: _cpu_ms(partial(render, HOSTILE[name])))
    texts = {f"ordinary {kind}": ORDINARY, f"hostile {kind} ({slowest})": HOSTILE[slowest]}
    found = []
    for name, text in texts.items():
        ms = median_ms(partial(render, text), 10)
        found.append(Figure(name, ms, 0, len(text), ms / LIMIT, f"limit {LIMIT:.0f} ms"))
    return found


def _cpu_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
