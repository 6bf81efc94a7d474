"""A text as a person reads it, each character knowing where it stands in what was written.

Entities are resolved, compatible forms, digits of all scripts and dashes made plain, and what nobody sees is left out:
rules need to know one way of writing only.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from app.kit.redact.find import Find

MARKS_READ: Final = 4
"""Marks over one letter that are read; more of them are an attack, and sorting them takes time."""

_PIECE = re.compile(
    r"""(?xsi)
    (?P<entity> &(?:amp;){0,3} (?: \#[0-9]{1,7};? | \#x[0-9a-f]{1,6};? | [a-z][a-z0-9]{1,30}; ) )
    | (?P<escape> %(?:40|2e) )
    | (?P<char> . )
    """
)
_ESCAPES = {"%40": "@", "%2e": "."}
_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cs", "Cn"})
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_MARKS = frozenset({"Mn", "Me", "Cf"})
_DASH = frozenset({"Pd"})


@dataclass(frozen=True, slots=True)
class Reading:
    """`text`, and for each of its characters the first and the last place behind it in what was written."""

    text: str
    starts: list[int] | range
    ends: list[int] | range

    @classmethod
    def of(cls, written: str) -> Self:
        if written.isascii() and "&" not in written and "%" not in written:
            return cls(written, range(len(written)), range(1, len(written) + 1))
        chars: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for start, end, seen in _clusters(written):
            chars.extend(seen)
            starts.extend([start] * len(seen))
            ends.extend([end] * len(seen))
        return cls("".join(chars), starts, ends)

    def written(self, find: Find) -> Find:
        """The find at its place in what was written."""
        return Find(self.starts[find.start], self.ends[find.end - 1], find.kind)


def _clusters(written: str) -> Iterator[tuple[int, int, str]]:
    """Each letter with its marks: where it begins and ends, and how it is read."""
    start, end, letter, marks = 0, 0, "", ""
    for piece in _PIECE.finditer(written):
        char = _resolved(piece)
        if letter and len(char) == 1 and unicodedata.category(char) in _MARKS:
            end = piece.end()
            if len(marks) < MARKS_READ:
                marks += char
            continue
        if letter:
            yield start, end, _seen(letter + marks)
        start, end, letter, marks = piece.start(), piece.end(), char, ""
    if letter:
        yield start, end, _seen(letter + marks)


def _resolved(piece: re.Match[str]) -> str:
    whole = piece.group()
    if piece.lastgroup == "entity":
        plain = whole
        while (less := html.unescape(plain)) != plain:
            plain = less
        return plain
    return _ESCAPES[whole.lower()] if piece.lastgroup == "escape" else whole


def _seen(cluster: str) -> str:
    if len(cluster) == 1 and cluster.isascii():
        return cluster
    plain = unicodedata.normalize("NFKC", cluster)
    return "".join(map(_plain, plain))


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if char in _BLANKS or category in _UNSEEN:
        return ""
    if char.isspace():
        return "\n" if char in "\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029" else " "
    if category in _DASH or char == "\u2212":
        return "-"
    digit = unicodedata.digit(char, None)
    return char if digit is None else str(digit)
