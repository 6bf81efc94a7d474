"""A row as it is printed: the names of its area, its period, what it shows."""

import re
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from app.config import campaign
from app.places import Area, Level, gazetteer

LONGEST = 30_000  # letters of words; a cell of a sheet holds few more
LEVEL_NAMES = {Level.DISTRICT: "district", Level.PLACE: "city", Level.STATE: "state", Level.COUNTRY: "country"}
LEVELS = (Level.COUNTRY, Level.STATE, Level.PLACE, Level.DISTRICT)
UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what no XML may hold

Names = tuple[str, str, str, str]


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
    return Printed(*_known_names(area_id), period, shown, _plain(words))


def level_of(area_id: str) -> str:
    area = gazetteer().area(area_id)
    return LEVEL_NAMES[area.level] if area else "country"


def names_of(area_id: str) -> Names | None:
    """Country, state, city and district of an area; no two areas print alike. None for one that is not there."""
    return _names(gazetteer().country.id, area_id)


def _known_names(area_id: str) -> Names:
    names = names_of(area_id)
    if names is None:
        raise LookupError(f"the gazetteer has no area {area_id} any more")
    return names


@cache
def _names(_country_id: str, area_id: str) -> Names | None:
    """Kept in memory; of another campaign's country they are others."""
    area = gazetteer().area(area_id)
    if area is None:
        return None
    found = {one.level: _name(one) for one in (area, *gazetteer().ancestors(area_id))}
    country, state, city, district = (found.get(level, "") for level in LEVELS)
    return country, state, city, district


def _name(area: Area) -> str:
    """A district is told apart by its city, every other area by its label."""
    return area.name if area.level == Level.DISTRICT else area.label


def _plain(words: str) -> str:
    """One way to end a line, and only letters that each of the files can hold."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return UNPRINTABLE.sub("", lines)[:LONGEST]
