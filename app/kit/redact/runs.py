"""Runs of digits, however they are grouped or spelled: each digit with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.kit.redact.spelled import SPELLED, digits_of

_SEPARATOR = r"(?:[ \t./\-_·•()|*~:]|,(?!\s))"
_RUN = re.compile(rf"\+?[( ]{{0,2}}\d(?:{_SEPARATOR}{{0,3}}\+?{_SEPARATOR}{{0,2}}\d)*")
_DIGIT = re.compile(r"\d")
_SPELLED_RUN = re.compile(
    rf"(?i)(?<![^\W_])(?:(?:plus|\+)\s?)?(?:{SPELLED}|\d)(?:[ \t,./\n-]{{0,3}}(?:{SPELLED}|\d)){{5,}}(?![^\W_])"
)
_SPELLED_PIECE = re.compile(rf"(?i){SPELLED}|\d")

# "O171", "o 1 7 1", "01 7l": letters that stand for digits. "O2" is a name.
_MIXED = re.compile(r"(?<![^\W_])(?![Oo]2(?![^\W_]))(?=[OoIl]{0,9}\d)[\dOoIl]{2,40}(?![^\W\d_])")
_LONE_O = re.compile(r"(?<![^\W_])[Oo](?=[ ./-]\d(?!\d))(?![ ./-]2)|(?<=\d[ ./-])[Oo](?=[ ./-]\d)")
_TO_DIGITS = str.maketrans("OoIl", "0011")


@dataclass(frozen=True, slots=True)
class Run:
    """Digits in a row, where each begins and ends, and before which of them a plus stands."""

    digits: str
    starts: list[int]
    ends: list[int]
    plus: frozenset[int]
    is_spelled: bool = False

    def groups(self) -> list[int]:
        """The digits with which groups begin, the first among them."""
        return [at for at in range(len(self.starts)) if at == 0 or self.starts[at] > self.ends[at - 1]]


def digitised(text: str) -> str:
    """The text, equally long, with the letters that stand for digits made digits."""
    text = _MIXED.sub(lambda found: found.group().translate(_TO_DIGITS), text)
    return _LONE_O.sub("0", text)


def runs(text: str) -> Iterator[Run]:
    """Every run of digits with at most three separators between two of them."""
    for found in _RUN.finditer(text):
        starts = [found.start() + digit.start() for digit in _DIGIT.finditer(found.group())]
        befores = [found.start(), *(start + 1 for start in starts)]
        plus = (at for at, start in enumerate(starts) if "+" in text[befores[at] : start])
        yield Run("".join(text[start] for start in starts), starts, [start + 1 for start in starts], frozenset(plus))


def spelled_runs(text: str) -> Iterator[Run]:
    """Every run of numbers written as words, or half in words: "null eins sieben …", "oh one 5 doppel sieben"."""
    for found in _SPELLED_RUN.finditer(text):
        digits, starts, ends = "", list[int](), list[int]()
        for piece in _SPELLED_PIECE.finditer(text, found.start(), found.end()):
            for digit in digits_of(piece.group()):
                digits += digit
                starts.append(piece.start())
                ends.append(piece.end())
        plus = frozenset({0} if re.match(r"(?i)plus|\+", found.group()) else ())
        if sum(end - start > 1 for start, end in zip(starts, ends, strict=True)) >= 3:
            yield Run(digits, starts, ends, plus, is_spelled=True)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: the last digit checks the others."""
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
