"""Names people sign with: cleaned, and compared by how they look (UTS 39 skeleton)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Final

from app.kit.confusables import LOOKALIKES

NAME_MAX: Final = 60
"""Characters a cleaned name has at most."""

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Letters by category that nobody sees: Hangul fillers, and the empty Braille pattern.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_NO_CHARACTERS = frozenset({"Cc", "Cf", "Cs", "Cn"})
_MARKS = frozenset({"Mn", "Me", "Cf"})

# "O2™" is read as "O2", not as "O2TM".
_TRADEMARKS = str.maketrans("©®™℠", "    ")

# Zero and one look like letters; i, l, capital I and | like each other, in one font or another.
_LOOKS = str.maketrans(
    {like: target for target, likes in LOOKALIKES.items() for like in likes}
    | {"0": "o", "1": "l", "i": "l", "I": "l", "|": "l"}
)
_PAIRS = (("rn", "m"), ("vv", "w"))  # UTS 39 has these two the other way round

_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")


def clean(name: str) -> str:
    """The name on one line without what nobody sees, composed (NFC), at most NAME_MAX characters."""
    spaced = "".join(" " if char.isspace() else char for char in name)
    seen = "".join(char for char in spaced if not _is_unseen(char))
    return " ".join(unicodedata.normalize("NFC", seen).split())[:NAME_MAX].rstrip()


def has_bidi_controls(name: str) -> bool:
    """Whether the name holds a character that changes the direction of what stands around it."""
    return not _BIDI_CONTROLS.isdisjoint(name)


@lru_cache(maxsize=1024)
def skeleton(name: str) -> str:
    """What the name looks like: names with the same skeleton can be taken for each other.

    UTS 39, made coarser for names: compatible forms (NFKC), no marks, no case, lookalikes of all scripts
    and all decimal digits mapped, and nothing but letters and digits kept ("O-2" is "O2").
    """
    before, look = None, name
    while look != before:
        before, look = look, _paired("".join(_looks(look)))
    return look


def words(name: str) -> list[str]:
    """The looks of each word of a name; also of those written together in capitals ("TeamO2" has "team" and "o2")."""
    return list(dict.fromkeys(_paired(look) for reading in (name, _CAMEL.sub(" ", name)) for look in _looks(reading)))


def imitates(name: str, protected: Iterable[str]) -> str | None:
    """The protected name that this one equals in looks or carries as a whole word, or None.

    "Anna (O2)", "o2-verifiziert" and "O2Team" carry "O2"; "Otto2" and "CO2-Sparer" do not.
    """
    looks = {skeleton(each): each for each in protected}
    if (whole := skeleton(name)) and whole in looks:
        return looks[whole]  # also where signs between letters hide a pair that looks like one: "R:N" and "RN"
    longest = max(map(len, looks), default=0)
    readings = (name, _CAMEL.sub(" ", name))
    runs = (run for reading in readings for run in _runs(_looks(reading), longest))
    return next((looks[run] for run in runs if run in looks), None)


def _is_unseen(char: str) -> bool:
    return char in _BLANKS or unicodedata.category(char) in _NO_CHARACTERS


def _looks(name: str) -> list[str]:
    """The looks of each word, mapped until nothing changes any more."""
    before, text = None, name.translate(_TRADEMARKS)
    while text != before:
        before, text = text, _mapped(text)
    return _WORDS.findall(text)


def _mapped(text: str) -> str:
    text = unicodedata.normalize("NFKC", "".join(map(_decimal, text))).translate(_LOOKS)
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not _is_mark(char))
    return bare.casefold().translate(_LOOKS)


def _decimal(char: str) -> str:
    digit = unicodedata.digit(char, None)
    return char if digit is None else str(digit)


def _is_mark(char: str) -> bool:
    return char in _BLANKS or unicodedata.category(char) in _MARKS


def _runs(words: list[str], longest: int) -> Iterator[str]:
    """Every run of neighbouring words, written together: "o 2" is found in "the o 2 team"."""
    for start in range(len(words)):
        yield from map(_paired, accumulate(words[start : start + longest]))


def _paired(look: str) -> str:
    for pair, single in _PAIRS:
        look = look.replace(pair, single)
    return look
