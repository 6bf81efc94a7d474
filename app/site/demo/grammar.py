"""Sentences with slots, and voices that put them in order."""

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

SLOT = re.compile(r"\{(\^?)(\w+)\}")
LINES = 0.38  # of all texts are one line
Slots = Mapping[str, Sequence[str]]


class Place(NamedTuple):
    town: str
    at: str


@dataclass(frozen=True)
class Voice:
    """One stance: any `open` may stand before any `tell`, any `tell` before any other and any `end`."""

    under: str = "any"
    hears: Sequence[str] = ()
    not_in: Sequence[str] = ()
    line: Sequence[str] = ()
    open: Sequence[str] = ()
    tell: Sequence[str] = ()
    end: Sequence[str] = ()
    most: int = 3  # parts told in one text

    def speaks_under(self, under: str) -> bool:
        return self.under in ("any", under)

    @property
    def richness(self) -> int:
        """How much there is to say: rich voices speak more often, so that poor ones need not repeat."""
        return len(self.line) + len(self.tell)

    def shape(self, rng: random.Random) -> str:
        """A text with its slots still empty: from one line to three paragraphs."""
        if not self.open or (self.line and rng.random() < LINES):
            return rng.choice(self.line)
        opening, closing = rng.choice(self.open), rng.choice(self.end)
        first, *more = rng.sample(self.tell, min(self.most, len(self.tell)))
        shapes = [f"{opening} {first}", f"{opening} {first} {closing}"]
        if more:
            shapes += [f"{opening} {first} {more[0]} {closing}", f"{opening} {first}\n\n{more[0]} {closing}"]
            shapes += [f"{opening} {first}\n\n{' '.join(more)}\n\n{closing}"]
        return rng.choices(shapes, weights=[5, 5, 3, 2, 1][: len(shapes)])[0]


class Speaker:
    """Fills slots; what was said once stays so, unless the speaker is forgetful."""

    def __init__(self, rng: random.Random, slots: Slots, *, forgetful: bool = False, **given: str) -> None:
        self._rng, self._slots, self._said, self._forgetful = rng, slots, dict(given), forgetful

    def say(self, text: str) -> str:
        return SLOT.sub(self._fill, text)

    def _fill(self, slot: re.Match[str]) -> str:
        value = self._value(slot[2])
        return value[:1].upper() + value[1:] if slot[1] else value

    def _value(self, name: str) -> str:
        if name in self._said:
            return self._said[name]
        value = self.say(self._rng.choice(self._slots[name]))
        if not self._forgetful:
            self._said[name] = value
        return value


@cache
def read(name: str) -> dict[str, Any]:
    """One of the word lists next to this file; tomllib knows no narrower type."""
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))


def voices(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Voice, ...]:
    return tuple(Voice(**table) for table in tables.values())


def one_of(rng: random.Random, choir: Sequence[Voice]) -> Voice:
    return rng.choices(choir, weights=[voice.richness for voice in choir])[0]


def places(table: Mapping[str, Sequence[str]]) -> tuple[Place, ...]:
    return tuple(Place(town, at) for town, spots in table.items() for at in (f"in {town}", *spots))


def place_named_in(text: str, known: Sequence[Place]) -> Place | None:
    """The place a text speaks of: the exact spot if it names one, else the town."""
    folded = text.casefold()
    spots = [place for place in known if place.at.casefold() in folded]
    towns = (place for place in known if re.search(rf"\b{place.town}\b", text))
    return max(spots, key=lambda place: len(place.at), default=None) or next(towns, None)
