"""Words by which a name speaks for a company, or of one: German and English, as people write them in names."""

from pathlib import Path
from typing import Final

from app.kit.names import skeleton


def _looks(name: str) -> tuple[str, ...]:
    """The looks of the words of a file."""
    return tuple(map(skeleton, (Path(__file__).parent / name).read_text("utf-8").split()))


CUSTOMERS: Final = frozenset(_looks("customers.txt"))
"""Words of somebody who is with a company, was, or is angry at it."""

AUTHORITY: Final = frozenset(_looks("authority.txt"))
"""Words that make a company's name speak: beside one nobody is taken for a customer."""

OFFICES: Final = _looks("offices.txt")
"""How words begin by which editors, moderators and support call themselves, whoever's they are."""

NO_COMPANIES: Final = frozenset(
    map(skeleton, ("Redaktion", "Moderation", "Admin", "Support", "Kundenservice", "verifiziert", "verified"))
)
"""Names that are protected and no company's: nobody is their customer."""

JOINING: Final = tuple(map(skeleton, ("von", "vom", "bei", "für", "fuer", "of", "at", "from", "for", "by")))
"""Words between a person and a company."""

DIGITS: Final = {
    "0": ("null", "zero"),
    "1": ("eins", "one"),
    "2": ("zwei", "two"),
    "3": ("drei", "three"),
    "4": ("vier", "four"),
    "5": ("fünf", "five"),
    "6": ("sechs", "six"),
    "7": ("sieben", "seven"),
    "8": ("acht", "eight"),
    "9": ("neun", "nine"),
}
"""How the digits of a company's name are read aloud, and written then."""
