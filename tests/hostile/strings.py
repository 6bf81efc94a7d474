"""The collections of attack strings, and some of them that stand for all where each costs a request.

Six of seven are markup that differs from another string in letters only: the same tag with another event, the same
event with another tag. With `LONG=1` each of them counts.
"""

import json
import os
import re
from pathlib import Path

IS_LONG = "LONG" in os.environ
EACH = 45  # strings of each collection in the short form

Kinds = dict[str, list[str]]
"""Strings by the collection they come from."""


def every_string(shared: Path) -> Kinds:
    files = sorted((shared / "data" / "security").glob("*.jsonl"))
    found = {file.stem: [json.loads(line)["s"] for line in file.read_text("utf-8").splitlines()] for file in files}
    assert sum(map(len, found.values())) > 7_500
    return found


def alone(kinds: Kinds) -> list[str]:
    """What is sent alone: everything, or some of each collection, so that any few neighbours are of all kinds."""
    if IS_LONG:
        return [one for many in kinds.values() for one in many]
    some = [_spread(list({_shape(one): one for one in many}.values())) for many in kinds.values()]
    return list(dict.fromkeys(many[turn % len(many)] for turn in range(EACH) for many in some))


def together(kinds: Kinds, most: int) -> list[str]:
    """Every string, in texts of at most so many characters; what is longer stands alone."""
    texts = [""]
    for one in (one for many in kinds.values() for one in many):
        if len(texts[-1]) + len(one) + 2 > most:
            texts.append("")
        texts[-1] += f"{one}\n\n"
    return [text for text in texts if text]


def _shape(one: str) -> str:
    return re.sub("[A-Za-z]+", "a", one) if "<" in one else one


def _spread(many: list[str]) -> list[str]:
    step = max(1.0, len(many) / EACH)
    return [many[int(turn * step)] for turn in range(min(EACH, len(many)))]
