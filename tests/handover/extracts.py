"""Extracts as somebody careless would make them, and an attack on them."""

from collections.abc import Sequence

from app.handover.attack import Attempt, Extract, Line, World
from app.handover.attack.extract import Area

BERLIN: Area = ("Germany", "Berlin", "Berlin", "")
MITTE: Area = ("Germany", "Berlin", "Berlin", "Mitte")
STATE: Area = ("Germany", "Bavaria", "", "")
COUNTRY: Area = ("Germany", "", "", "")


def lines(
    count: int,
    area: Area = BERLIN,
    period: str = "2011-11",
    *,
    symptoms: Sequence[tuple[str, ...]] = ((),),
    text: str = "",
) -> list[Line]:
    """So many rows with one label, showing these sets of symptoms in turn."""
    return [Line(area, period, symptoms[number % len(symptoms)], text) for number in range(count)]


def extract(*groups: list[Line], name: str = "first", k: int = 10) -> Extract:
    return Extract(name, [line for group in groups for line in group], k, {"unit": 10})


def found(*extracts: Extract, world: World | None = None) -> list[str]:
    """What an attack finds."""
    return list(Attempt(extracts, world).findings())
