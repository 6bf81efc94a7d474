"""The collections of attack strings, and a few hundred of them that stand for all."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

EACH = 45  # strings of each collection in the short form

Kinds = dict[str, list[str]]
"""Strings by the collection they come from."""


def every_string(shared: Path) -> Kinds:
    files = sorted((shared / "data" / "security").glob("*.jsonl"))
    found = {file.stem: [json.loads(line)["s"] for line in file.read_text("utf-8").splitlines()] for file in files}
    assert sum(map(len, found.values())) > 7_500
    return found


def some_of_each_kind(kinds: Kinds) -> Kinds:
    """Of strings that differ in letters only, one; of those, as many as are spread evenly over each collection."""
    return {
        name: _spread(list({re.sub("[A-Za-z]+", "a", one): one for one in many}.values()))
        for name, many in kinds.items()
    }


def in_turn(kinds: Kinds) -> list[str]:
    """One of each collection, and again, so that any few neighbours are of all kinds; short collections repeat."""
    longest = max(map(len, kinds.values()))
    return list(dict.fromkeys(many[turn % len(many)] for turn in range(longest) for many in kinds.values()))


def _spread(many: list[str]) -> list[str]:
    step = max(1, len(many) / EACH)
    return [many[int(at * step)] for at in range(min(EACH, len(many)))]


def texts(strings: list[str], most: int) -> Iterator[str]:
    """All of them, in texts of at most so many characters; what is longer stands alone."""
    text = ""
    for one in strings:
        if text and len(text) + len(one) + 2 > most:
            yield text
            text = ""
        text += f"{one}\n\n"
    yield text
