"""The gold set: complaints in which the truth is marked, and how much of it is found.

`own.jsonl` was written beside the rules and may be tuned on. `blind.jsonl` was written by somebody who had not seen
them; it is only ever counted: no single text of it is looked at. `python -m tests.kit.gold` prints the table.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.kit.redact import Find, Kind, finds

FOLDER = Path(__file__).parent
REGION = "DE"
_MARKED = re.compile(r"\[\[([a-z-]+)\|(.*?)\]\]", re.S)


@dataclass(frozen=True)
class Gold:
    """One text, what somebody knows to be in it, and in which language."""

    lang: str
    text: str
    truths: tuple[Find, ...]

    @classmethod
    def of(cls, line: str) -> "Gold":
        said = json.loads(line)
        text, truths, at = "", [], 0
        for marked in _MARKED.finditer(said["text"]):
            text += said["text"][at : marked.start()]
            truths.append(Find(len(text), len(text) + len(marked[2]), Kind(marked[1])))
            text, at = text + marked[2], marked.end()
        return cls(said["lang"], text + said["text"][at:], tuple(truths))


@dataclass
class Figures:
    """How many truths there are and how many of them were found; how many finds there are and how many were right."""

    truths: int = 0
    found: int = 0
    finds: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        return self.found / self.truths if self.truths else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.finds if self.finds else 1.0

    def __str__(self) -> str:
        return (
            f"recall {self.recall:7.2%} ({self.found} of {self.truths}), "
            f"precision {self.precision:7.2%} ({self.right} of {self.finds})"
        )


def half(name: str) -> list[Gold]:
    return [Gold.of(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines() if line.strip()]


def measured(texts: Iterable[Gold]) -> dict[str, Figures]:
    """The figures of each kind, of each language and in all."""
    figures = defaultdict[str, Figures](Figures)
    for gold in texts:
        found = finds(gold.text, region=REGION)
        for truth in gold.truths:
            for key in (truth.kind.value, gold.lang, "all"):
                figures[key].truths += 1
                figures[key].found += is_found(truth, found, gold.text)
        for find in found:
            for key in (find.kind.value, gold.lang, "all"):
                figures[key].finds += 1
                figures[key].right += any(find.overlaps(truth) for truth in gold.truths)
    return figures


def is_found(truth: Find, found: Iterable[Find], text: str) -> bool:
    """Whether every letter and digit of it is inside a find, of whatever kind."""
    inside = {at for find in found for at in range(find.start, find.end)}
    return all(at in inside for at in range(truth.start, truth.end) if text[at].isalnum())


def misses(texts: Iterable[Gold]) -> Iterator[str]:
    """What is not found and what is found and is nothing. For the own half only."""
    for gold in texts:
        found = finds(gold.text, region=REGION)
        for truth in gold.truths:
            if not is_found(truth, found, gold.text):
                yield f"missed {truth.kind}: {gold.text[truth.start : truth.end]!r} in {gold.text!r}"
        for find in found:
            if not any(find.overlaps(truth) for truth in gold.truths):
                yield f"wrong {find.kind}: {gold.text[find.start : find.end]!r} in {gold.text!r}"


def table(name: str) -> str:
    figures = measured(half(name))
    keys = [*(kind.value for kind in Kind), "de", "en", "all"]
    return "\n".join([f"{name}:", *(f"  {key:16} {figures[key]}" for key in keys)])
