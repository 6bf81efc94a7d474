"""What has changed between two texts, word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple

_WORDS = re.compile(r"\S+\s*|\s+")  # a word with the blank after it
_LINES = re.compile(r".*\n+|.+")  # a line with the blank ones after it
MOST = 400  # words that are compared after what both begin and end with: the time grows with the cube of their number


AROUND = 25  # words that are shown before and after a change where the rest of what stayed is left out


class Part(NamedTuple):
    """Words that stayed (""), are new ("ins") or gone ("del"), or how many that stayed are left out ("gap")."""

    kind: str
    text: str


def parts(before: str, after: str) -> list[Part]:
    """The texts as one, in the order in which they are read.

    Where much stands between the first change and the last, lines are compared, and words in those that changed; where
    too much is new, first the old and then the new.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head, tail = shared_ends(old, new)
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    middle = _compared if len(old_middle) + len(new_middle) <= MOST else _compared_by_lines
    found = [Part("", "".join(old[:head])), *middle(old_middle, new_middle), Part("", "".join(old[len(old) - tail :]))]
    return [part for part in found if part.text]


def brief(compared: Sequence[Part]) -> list[Part]:
    """The parts of two texts, with what stayed left out where it is far from every change."""
    last = len(compared) - 1
    found = (_shortened(part, AROUND * (n > 0), AROUND * (n < last)) for n, part in enumerate(compared))
    return [part for parts_ in found for part in parts_ if part.text]


def _shortened(part: Part, before: int, after: int) -> list[Part]:
    words = _WORDS.findall(part.text)
    if part.kind or len(words) <= before + after + AROUND:
        return [part]
    left_out = len(words) - before - after
    head, tail = "".join(words[:before]), "".join(words[len(words) - after :])
    return [Part("", head), Part("gap", str(left_out)), Part("", tail)]


def shared_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """With how many of the same both begin, and with how many of the rest both end."""
    head = _alike(old, new)
    return head, _alike(reversed(old[head:]), reversed(new[head:]))


def _compared(old: list[str], new: list[str]) -> Iterator[Part]:
    for deed, *at in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = old[at[0] : at[1]], new[at[2] : at[3]]
        if deed == "equal":
            yield Part("", "".join(gone))
        else:
            yield from _replaced(gone, come)


def _compared_by_lines(old: list[str], new: list[str]) -> Iterator[Part]:
    lines, new_lines = _LINES.findall("".join(old)), _LINES.findall("".join(new))
    if len(lines) + len(new_lines) > MOST:
        yield from _replaced(old, new)
        return
    left = MOST  # words, of all lines together
    for deed, *at in SequenceMatcher(None, lines, new_lines, autojunk=False).get_opcodes():
        gone, come = "".join(lines[at[0] : at[1]]), "".join(new_lines[at[2] : at[3]])
        if deed == "equal":
            yield Part("", gone)
            continue
        old_words, new_words = _WORDS.findall(gone), _WORDS.findall(come)
        if (many := len(old_words) + len(new_words)) > left:
            yield from _replaced([gone], [come])
        else:
            left -= many
            yield from _compared(old_words, new_words)


def _replaced(old: list[str], new: list[str]) -> Iterator[Part]:
    yield Part("del", "".join(old))
    yield Part("ins", "".join(new))


def _alike(old: Iterable[str], new: Iterable[str]) -> int:
    """With how many of the same words both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
