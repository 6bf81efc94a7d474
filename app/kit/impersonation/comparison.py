"""Whom a name could be taken for: somebody verified, nearly somebody verified, or nobody but its owner.

A name that carries a protected one as a word is taken, unless its other words speak as a customer does of a company
("o2-Kundin", "Nie wieder O2"). What is only like one, or speaks with authority without naming anybody, is near: a
person looks at it first. The comparison is by looks (`kit.names`), so other scripts and signs change nothing.
Mixed scripts in a word are what UTS 39, section 5.1, calls below "highly restrictive".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from app.kit import names
from app.kit.impersonation.words import AUTHORITY, CUSTOMERS, DIGITS, JOINING, NO_COMPANIES, OFFICES
from app.kit.redact.words import GIVEN_NAMES


class Standing(StrEnum):
    """What becomes of a name that a stranger signs with."""

    FREE = "free"
    NEAR = "near"  # a person looks first
    TAKEN = "taken"  # refused


class Likeness(NamedTuple):
    """How a name stands; `like` is the protected name that it could be taken for, empty where it is nobody's."""

    standing: Standing
    like: str = ""


FREE = Likeness(Standing.FREE)
LONG = 9  # letters, from which on two slips are read over
SHORT = 5  # letters; names below it are common in longer words ("o2" in "Marco2"), those above are not
BADGES = frozenset("✓✔☑✅🗸🗹🅥⍻🆗🔵🔷🔹💠🛡🏅🎖®™℠©✪🟢🟦")
_TURNED = frozenset("\u202d\u202e")  # what follows is shown backwards; only tricks need it
_DIGITS = re.compile(r"(?<!\w)[0-9]+(?!\w)")
# scripts whose letters are drawn alike; those of one word come from one of them
_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GEORGIAN")


def compare(name: str, protected: Iterable[str]) -> Likeness:
    """How a name, as it was typed, stands to protected ones. One that is written backwards is taken, for nobody."""
    if not _TURNED.isdisjoint(name):
        return Likeness(Standing.TAKEN)
    return _compare(names.clean(name), tuple(protected))


@lru_cache(maxsize=1024)
def _compare(name: str, known: tuple[str, ...]) -> Likeness:
    aloud = _read_aloud(known)
    if carried := names.imitates(name, aloud):
        return _carrying(name, aloud[carried], known)
    words = names.words(name)
    if like := _glued(words, known) or _misspelt(words, known) or _shortened(words, known) or _in_part(words, known):
        return Likeness(Standing.NEAR, like)
    if _speaks_for_an_office(words) or not BADGES.isdisjoint(name) or _mixes_scripts(name):
        return Likeness(Standing.NEAR)
    return FREE


def _carrying(name: str, carried: str, known: tuple[str, ...]) -> Likeness:
    """A protected name stands in it as a word."""
    words = names.words(name)
    is_signed = not BADGES.isdisjoint(name) or len(set(_scripts(name))) > 1
    if _has_authority(words) or is_signed or names.skeleton(name) == names.skeleton(carried):
        return Likeness(Standing.TAKEN, carried)
    if names.imitates(_DIGITS.sub(" ", unicodedata.normalize("NFKC", name)), _read_aloud(known)) is None:
        return Likeness(Standing.NEAR, carried)  # "Schalke 02": digits that look like it
    return FREE if _speaks_of(words, names.skeleton(carried)) else Likeness(Standing.TAKEN, carried)


def _speaks_of(words: list[str], carried: str) -> bool:
    """Whether it is a customer who speaks of the company: no office could be called that."""
    return bool(CUSTOMERS.intersection(words)) and carried not in NO_COMPANIES


def _has_authority(words: list[str]) -> bool:
    """Whether some word says that somebody speaks for somebody."""
    return not AUTHORITY.isdisjoint(words) or _speaks_for_an_office(words)


def _speaks_for_an_office(words: list[str]) -> bool:
    """Whether it is called what editors and support call themselves, whoever's they are."""
    return any("".join(words[at : at + 3]).startswith(OFFICES) for at in range(len(words))) or not (
        NO_COMPANIES.isdisjoint(words)
    )


def _glued(words: list[str], known: tuple[str, ...]) -> str | None:
    """The protected name that a word begins or ends with, written together with more: "o2hilft", "kevino2"."""
    looks = {names.skeleton(aloud): each for aloud, each in _read_aloud(known).items()}
    return next((looks[look] for word in words for look in looks if _is_glued(word, look)), None)


def _is_glued(word: str, look: str) -> bool:
    if not look or word == look or look in NO_COMPANIES:
        return False
    if len(look) >= SHORT:
        return look in word and word.removeprefix(look) not in CUSTOMERS
    if word.startswith(look):
        return word.removeprefix(look).isalpha() and word.removeprefix(look) not in CUSTOMERS
    return word.endswith(look) and _is_somebody(word.removesuffix(look), look[0])


def _is_somebody(before: str, letter: str) -> bool:
    """Whether what stands before is a name or an office by itself; "Marco2" is Marco's second try, not Marc's of O2."""
    person = next((before.removesuffix(word) for word in JOINING if before.endswith(word)), before)
    return (person in _given() and before + letter not in _given()) or before in AUTHORITY


def _misspelt(words: list[str], known: tuple[str, ...]) -> str | None:
    """The protected name of which a word, or the whole, is a slip of the hand away; two where it is long."""
    said = [*words, "".join(words)]
    for each in known:
        look = names.skeleton(each)
        if len(look) > SHORT and any(_is_near(word, look, slips=1 + (len(look) >= LONG)) for word in said):
            return each
    return None


def _is_near(word: str, look: str, *, slips: int) -> bool:
    """Whether at most so many letters are missing, added, other, or changed places with a neighbour (Damerau 1964)."""
    if abs(len(word) - len(look)) > slips or word == look or len(set(word) ^ set(look)) > 2 * slips:
        return False
    return _slips(*_without_start(word, look), slips) <= slips


def _slips(one: str, other: str, most: int) -> int:
    """How many slips lie between two words that begin differently; one more than `most` where it is more."""
    if one == other:
        return 0
    if most == 0:
        return 1
    ways = [(one[1:], other[1:]), (one[1:], other), (one, other[1:])]
    if len(one) > 1 and one[:2] == other[1::-1]:
        ways.append((one[2:], other[2:]))
    least = min(_slips(*_without_start(*way), most - 1) for way in ways)
    return 1 + least


def _without_start(one: str, other: str) -> tuple[str, str]:
    pairs = enumerate(zip(one, other, strict=False))
    start = next((at for at, (letter, another) in pairs if letter != another), min(len(one), len(other)))
    return one[start:], other[start:]


def _shortened(words: list[str], known: tuple[str, ...]) -> str | None:
    """The protected person whose family name stands there with the first letter of the given one, or before it."""
    for each in known:
        given, _, family = (names.skeleton(part) for part in each.partition(" "))
        if family and " " not in each.partition(" ")[2]:
            others = [word for word in words if word != family]
            if len(others) < len(words) and any(word in {given, given[:1]} for word in others):
                return each
    return None


def _in_part(words: list[str], known: tuple[str, ...]) -> str | None:
    """The protected name of several words whose last one speaks with authority: "Team Einzelfall"."""
    for each in known:
        last = names.skeleton(each.rpartition(" ")[2]) if " " in each else ""
        if len(last) >= LONG and last in words and _has_authority(words):
            return each
    return None


@lru_cache(maxsize=8)
def _read_aloud(known: tuple[str, ...]) -> dict[str, str]:
    """The protected names by themselves and as their digits are read aloud: "O2" is "O zwei" and "O two", too."""
    spelled = {_spelled(each, at): each for each in known for at in range(2)}
    return {each: each for each in known} | {aloud: each for aloud, each in spelled.items() if aloud not in known}


def _spelled(name: str, at: int) -> str:
    return re.sub("[0-9]", lambda digit: DIGITS[digit.group()][at], name)


def _mixes_scripts(name: str) -> bool:
    return any(len(set(_scripts(word))) > 1 for word in re.findall(r"[^\W\d_]+", name))


def _scripts(word: str) -> Iterator[str]:
    """Of each letter the script, where it is one of those that are drawn alike."""
    for letter in unicodedata.normalize("NFC", word):
        script = unicodedata.name(letter, "").partition(" ")[0]
        if script in _ALIKE:
            yield script


@cache
def _given() -> frozenset[str]:
    return frozenset(map(names.skeleton, GIVEN_NAMES))
