"""Numbers of bank accounts (IBAN, ISO 13616): by their checksum, or announced by the word."""

import re
from collections.abc import Iterator
from typing import Final

from app.kit.redact.find import Find, Kind
from app.kit.redact.page import Page

LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FO GL NL SD FK",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ DZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB PL SV NI",
        29: "BR EG PS QA UA",
        30: "JO KW MU",
        31: "MT SC",
        33: "RU LC",
    }.items()
    for country in countries.split()
}
"""How many characters an account's number has, by country (SWIFT IBAN registry)."""

SHORTEST, LONGEST = min(LENGTHS.values()), max(LENGTHS.values())
_SEPARATOR = r"[ \t\n./_·•,|-]"
_START = re.compile(rf"(?<![^\W_])[A-Za-z]{_SEPARATOR}?[A-Za-z](?={_SEPARATOR}{{0,2}}[\dOo]{_SEPARATOR}{{0,2}}[\dOo])")
_NEXT = re.compile(rf"{_SEPARATOR}{{0,2}}([A-Za-z0-9])")
_ANNOUNCED = re.compile(
    rf"(?i)\biban\b[^\d\[\]\n]{{0,30}}?(?<![^\W_])([a-z]{{2}}{_SEPARATOR}{{0,2}}(?:[\do]{_SEPARATOR}{{0,2}}){{2}}"
    rf"(?:[a-z]{{0,4}}{_SEPARATOR}{{0,2}}[\dox*]){{8,30}})"
)
_NUMBER_OF_LETTER = {chr(ord("A") + at): str(10 + at) for at in range(26)}


def ibans(page: Page) -> Iterator[Find]:
    """Valid ones, grouped by any signs, with O for 0 too; and what looks like one, by itself or behind the word."""
    for start in _START.finditer(page.text):
        end = _end(page.text, start)
        if end:
            yield Find(start.start(), end, Kind.IBAN)
    for found in _ANNOUNCED.finditer(page.text):
        yield Find(found.start(1), found.end(1), Kind.IBAN)


def _end(text: str, start: re.Match[str]) -> int | None:
    """Behind the last character, if what begins here is valid."""
    country = re.sub(r"[\W_]", "", start.group()).upper()
    length = LENGTHS.get(country)
    if length is None:
        return None
    number, end = country, start.end()
    while len(number) < length:
        following = _NEXT.match(text, end)
        if following is None:
            return None
        number, end = number + following.group(1).upper(), following.end()
    plain = country + number[2:].replace("O", "0")
    is_shaped = start.group().isupper() and plain[2:].isdigit()
    return end if is_shaped or _is_valid(number) or _is_valid(plain) else None


def _is_valid(number: str) -> bool:
    """ISO 7064, MOD 97-10, of the number turned so that its first four characters stand last."""
    if sum(char.isdigit() for char in number) < SHORTEST // 2:
        return False  # a sentence
    turned = number[4:] + number[:4]
    return int("".join(_NUMBER_OF_LETTER.get(char, char) for char in turned)) % 97 == 1
