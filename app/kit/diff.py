"""What has changed between two texts, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

_WORDS = re.compile(r"\s+|[^\s]+")
MOST = 4_000  # words and gaps that are compared; longer texts are shown one after the other


class Part(NamedTuple):
    """Words that stayed (""), that are new ("ins"), or that are gone ("del")."""

    kind: str
    text: str


def parts(before: str, after: str) -> list[Part]:
    """The texts as one, in the order in which they are read."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MOST:
        return [Part("del", before), Part("ins", after)]
    return list(_compared(old, new))


def _compared(old: list[str], new: list[str]) -> Iterator[Part]:
    for deed, *at in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[at[0] : at[1]]), "".join(new[at[2] : at[3]])
        if deed == "equal":
            yield Part("", gone)
            continue
        if gone:
            yield Part("del", gone)
        if come:
            yield Part("ins", come)
