"""What rules are handed: the text to look at, and a copy in which numbers that tell of nobody are veiled."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from app.kit.redact.find import Find

VEIL = "\x00"
"""Stands for a character of a date, a time, a price, a measure: no rule's pattern has it."""

_MONTH = (
    r"(?:jan(?:uar|uary)?|feb(?:ruar|ruary)?|mär(?:z)?|maerz|mar(?:ch)?|apr(?:il)?|mai|may|jun[ie]?|jul[iy]?"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
_UNIT = (
    r"(?:euro?s?|€|\$|£|eur|usd|gbp|cents?|ct|dollars?|pounds?|quid|bucks|[kmgt]?(?:bit|byte|b)(?:/?s|ps)?|[kmgt]ib"
    r"|%|prozent|percent|dbm?|mhz|ghz|hz|ms|sek(?:unden?)?|sec(?:ond)?s?|min(?:uten?|utes?|s)?|std\.?|stunden?"
    r"|hours?|hrs?|tage?n?|days?|wochen?|weeks?|monate?n?|months?|jahre?n?|years?|uhr|mal|times|x|km/?h?|mph|miles?"
    r"|meter|metres?|m|cm|balken|bars?|leute|people|personen|kunden|customers|versuche?n?|attempts|tries"
    r"|anrufe?n?|calls|sms|mails?|reports|meldungen|kommentare|comments|einwohner|grad|degrees|aufrufe)"
)
_VEILED = re.compile(
    rf"""(?xi)
    (?<![\d.])(?:0?[1-9]|[12]\d|3[01])\.\s?(?:0?[1-9]|1[0-2])\.(?:\s?(?:(?:19|20)\d\d|'?\d\d)(?!\d))?(?![\d]|\.\d)
    | (?<![\d./-])(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:T\d\d:\d\d(?::\d\d)?)?
    | (?<![\d./-])(?:0?[1-9]|[12]\d|3[01])([/-])(?:0?[1-9]|[12]\d|3[01])\2(?:(?:19|20)\d\d|\d\d)(?!\d|[/-]\d)
    | (?<![\d./-])(?:0?[1-9]|1[0-2])[/.](?:19|20)\d\d(?![\d/-])
    | (?<![\w])(?:0?[1-9]|[12]\d|3[01])(?:\.|st|nd|rd|th)?\s{{0,2}}(?:of\s)?{_MONTH}\b\.?(?:\s{{0,2}}(?:19
    |20)\d\d(?!\d))?
    | \b{_MONTH}\.?\s(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\d)(?:,?\s(?:19|20)\d\d(?!\d))?
    | (?<![\d:])\d{{1,2}}:\d\d(?::\d\d)?(?![\d:])
    | (?<![\d.,])\d{{1,2}}\.\d\d(?:\s?(?:-|bis|und)\s?\d{{1,2}}\.\d\d)?\s?(?:uhr|h|[ap]\.?m)\b
    | (?<!\d)(?:[€$£]\s?)\d{{1,6}}(?:[.,]\d{{1,3}}){{0,3}}
    | (?<![\d.,+])(?<!\d[ ./()-])(?<!\d[ ./()-]{{2}})(?<!\d[ ./()-]{{3}})
      (?:\d{{1,3}}(?:[.,]\d{{3}}){{1,3}}|\d{{1,7}})(?:[.,]\d{{1,3}})?(?:\s?(?:-|bis|to
    |/)\s?\d{{1,5}}(?:[.,]\d{{1,3}})?)?
      \s?{_UNIT}(?![\w])
    | (?<![\d,])\d{{1,4}},\d{{1,2}}(?![\d,])
    | (?<![\d.])\d\.\d{{1,2}}(?![\d.])
    | (?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\w]|\.\d)
    """
)

REACH = 6  # characters before a day in which the digit before it stands
_LONE_DIGIT = re.compile(r"(?<!\d)\d[\s./\-_·•()|*~:]{1,3}$")
_LONE_DAY = re.compile(rf"(?i)\d(?:\.|st|nd|rd|th)?\s{{0,2}}(?:of\s)?{_MONTH}")


@dataclass(frozen=True)
class Page:
    """A text as it is read, and the region (ISO 3166) whose phone numbers are written without a country code."""

    text: str
    region: str

    @cached_property
    def veiled(self) -> str:
        """The same text, equally long, without dates, times, prices and measures."""
        return _VEILED.sub(_veil, self.text)


def _veil(found: re.Match[str]) -> str:
    """What hides it; a day that stands behind a lone digit is the last one of a number written digit by digit."""
    before = found.string[max(0, found.start() - REACH) : found.start()]
    is_last = _LONE_DAY.match(found.group()) and _LONE_DIGIT.search(before)
    return found.group() if is_last else VEIL * len(found.group())


Rule = Callable[[Page], Iterator[Find]]
