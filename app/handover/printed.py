"""A row as it is printed: the names of its area, its period, what it shows."""

import re
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from app.config import campaign
from app.places import Area, Level, gazetteer

LONGEST = 30_000  # letters of words; a cell of a sheet holds few more
LEVEL_NAMES = {Level.DISTRICT: "district", Level.PLACE: "city", Level.STATE: "state", Level.COUNTRY: "country"}
UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what no XML may hold


class Printed(NamedTuple):
    """One row of the files; empty where it is generalised away or withheld."""

    country: str
    state: str
    city: str
    district: str
    period: str
    symptoms: str
    text: str


def printed(area_id: str, period: str, symptoms: Collection[str], words: str) -> Printed:
    """The row of a label, its symptoms in the campaign's order."""
    shown = ";".join(one.key for one in campaign().symptoms if one.key in symptoms)
    return Printed(*_names(gazetteer().country.id, area_id), period, shown, _plain(words))


def level_of(area_id: str) -> str:
    area = gazetteer().area(area_id)
    return LEVEL_NAMES[area.level] if area else "country"


@cache
def _names(country_id: str, area_id: str) -> tuple[str, str, str, str]:
    """Country, state, city and district of an area; no two areas print alike. The country is part of the key."""
    area = gazetteer().area(area_id)
    if area is None:
        raise LookupError(f"the gazetteer of {country_id} has no area {area_id} any more")
    found = {one.level: _name(one) for one in (area, *gazetteer().ancestors(area_id))}
    names = [found.get(level, "") for level in (Level.COUNTRY, Level.STATE, Level.PLACE, Level.DISTRICT)]
    return names[0], names[1], names[2], names[3]


def _name(area: Area) -> str:
    """A district is told apart by its city, every other area by its label."""
    return area.name if area.level == Level.DISTRICT else area.label


def _plain(words: str) -> str:
    """One way to end a line, and only letters that each of the files can hold."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return UNPRINTABLE.sub("", lines)[:LONGEST]
