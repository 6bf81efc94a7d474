"""What has changed between two texts, word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple

_WORDS = re.compile(r"\S+\s*|\s+")  # a word with the blank after it
MOST = 400  # words that are compared after what both begin and end with: the time grows with the cube of their number


class Part(NamedTuple):
    """Words that stayed (""), that are new ("ins"), or that are gone ("del")."""

    kind: str
    text: str


def parts(before: str, after: str) -> list[Part]:
    """The texts as one, in the order in which they are read; where too much is new, first the old and then the new."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head, tail = shared_ends(old, new)
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    middle = _compared if len(old_middle) + len(new_middle) <= MOST else _replaced
    found = [Part("", "".join(old[:head])), *middle(old_middle, new_middle), Part("", "".join(old[len(old) - tail :]))]
    return [part for part in found if part.text]


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


def _replaced(old: list[str], new: list[str]) -> Iterator[Part]:
    yield Part("del", "".join(old))
    yield Part("ins", "".join(new))


def _alike(old: Iterable[str], new: Iterable[str]) -> int:
    """With how many of the same words both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
