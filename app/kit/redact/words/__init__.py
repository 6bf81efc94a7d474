"""Given names, words that are no names where names are announced, and the districts of German number plates."""

from pathlib import Path
from typing import Final


def _words(name: str) -> frozenset[str]:
    return frozenset((Path(__file__).parent / name).read_text("utf-8").split())


GIVEN_NAMES: Final = _words("given_names.txt")
NO_NAMES: Final = _words("no_names.txt")
PLATE_CODES: Final = _words("plates.txt")
