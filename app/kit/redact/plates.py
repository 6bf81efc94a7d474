"""German number plates of cars: by the districts' codes, or announced."""

import re
from collections.abc import Iterator

from app.kit.redact.find import Find, Kind
from app.kit.redact.page import Page
from app.kit.redact.words import PLATE_CODES

_HYPHENED = re.compile(r"(?<![\w-])([A-ZÄÖÜ]{1,3})(-|[ ]-[ ]?)([A-ZÄÖÜ]{1,2})([ -]?)(\d{1,4})[EH]?(?![\w-]|[.,]\d)")
_SPACED = re.compile(r"(?<![\w-])([A-ZÄÖÜ]{1,3})[ :·]([A-ZÄÖÜ]{2})[ -]?(\d{2,4})[EH]?(?![\w-]|[.,]\d|\s?[A-Z%€])")
_ANNOUNCED = re.compile(
    r"""(?xi) (?<![^\W_]) (?:(?:kfz-?|auto|wagen|pkw-?)?kennzeichen | nummernschild | number[ ]?plates?
      | licen[cs]e(?:[ ]plates?)?
      | plates? | registration(?:[ ]number)? | reg\b\.? | amtl\.[ ]kennzeichen)
    [^\d\[\]\n]{0,40}? (?<![\w-]) (?P<value> (?-i:(?:[A-ZÄÖÜ]{1,3}
    |[a-zäöü]{1,3})) [ ·:-]{1,3} [a-zäöü]{1,2} [ -]{0,2} \d{1,4} [eh]?) (?![\w])"""
)
_CAR = re.compile(
    r"""(?xi) (?<![^\W_]) (?: auto|wagen|fahrzeug\w*|transporter|bus|lieferwagen|kfz|pkw|lkw|parkt\w*|geparkt\w*
      |fährt|fuhr\w*
      |car|van|truck|vehicle|parked|drives|drove|driving|bmw|audi|golf|opel|mercedes|ford|techniker\w*|technician\w*
      |engineer\w* ) (?![^\W_]) [^\d\[\]\n]{0,40}? (?<![\w-])
    (?P<value> (?-i:[A-ZÄÖÜ]{1,3}) [ -] (?-i:[A-ZÄÖÜ]{1,2}) [ -]? \d{1,4} [EH]?) (?![\w])"""
)
_MODELS = frozenset({"GT", "LG", "SM", "SGH", "HTC"})  # districts too, but on phones names: "GT-I9100", "LG-P990"
_NO_LETTERS = frozenset(
    {"II", "IV", "VI", "IX", "XI", "XL", "XS", "XR", "LE", "HD", "TV", "GB", "MB", "KB"}
)  # no car's


def plates(page: Page) -> Iterator[Find]:
    """District, letters, digits: hyphened, or with spaces, or in any writing behind a word for it."""
    text = page.veiled
    for found in _HYPHENED.finditer(text):
        code, _, _, gap, _ = found.groups()
        if code in PLATE_CODES and (gap or code not in _MODELS):
            yield Find(found.start(), found.end(), Kind.PLATE)
    for found in _SPACED.finditer(text):
        if found[1] in PLATE_CODES and found[1] not in _MODELS and found[2] not in _NO_LETTERS:
            yield Find(found.start(), found.end(), Kind.PLATE)
    for pattern in (_ANNOUNCED, _CAR):
        yield from (Find(*found.span("value"), Kind.PLATE) for found in pattern.finditer(text))
