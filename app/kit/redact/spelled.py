"""Numbers as words, German and English, and the digits that they spell."""

import re
from itertools import product
from typing import Final

_ONES = ("null zero oh nought", "eins ein one", "zwei zwo two", "drei three", "vier four", "fünf fuenf five")
_MORE_ONES = ("sechs six", "sieben seven", "acht eight", "neun nine")
_TEENS = ("zehn ten", "elf eleven", "zwölf zwoelf twelve", "dreizehn thirteen", "vierzehn fourteen")
_MORE_TEENS = ("fünfzehn fifteen", "sechzehn sixteen", "siebzehn seventeen", "achtzehn eighteen", "neunzehn nineteen")
_TENS = ("zwanzig twenty", "dreißig dreissig thirty", "vierzig forty", "fünfzig fifty", "sechzig sixty")
_MORE_TENS = ("siebzig seventy", "achtzig eighty", "neunzig ninety")


def _words(first: int, step: int, *rows: str) -> dict[str, str]:
    """Each word and its digits, counted from the first number on."""
    return {word: str(first + at * step) for at, row in enumerate(rows) for word in row.split()}


_REPEATS = {"doppel": 2, "doppelt": 2, "double": 2, "triple": 3, "dreimal": 3, "zweimal": 2}

_ONE_WORDS = _words(0, 1, *_ONES, *_MORE_ONES)
_TEN_WORDS = _words(20, 10, *_TENS, *_MORE_TENS)
_DIGITS = (
    _ONE_WORDS
    | _words(10, 1, *_TEENS, *_MORE_TEENS)
    | _TEN_WORDS
    | {
        f"{one}und{tens}": ten[0] + digit
        for (one, digit), (tens, ten) in product(_ONE_WORDS.items(), _TEN_WORDS.items())
    }
)
_ALTERNATIVES = "|".join(sorted(map(re.escape, _DIGITS), key=len, reverse=True))

SPELLED: Final = rf"(?:(?:{'|'.join(sorted(_REPEATS, key=len, reverse=True))})[ -]?)?(?:{_ALTERNATIVES})"
"""A pattern (ignoring case) of one number as a word."""


def digits_of(piece: str) -> str:
    """The digits of what SPELLED has found, or of a digit."""
    words = re.split(r"[ -]", piece.lower())
    times = _REPEATS.get(words[0], 1)
    last = words[-1]
    if times == 1 and len(words) == 1:
        prefix = next((word for word in sorted(_REPEATS, key=len, reverse=True) if last.startswith(word)), "")
        times, last = _REPEATS.get(prefix, 1), last.removeprefix(prefix)
    return _DIGITS.get(last, last) * times
