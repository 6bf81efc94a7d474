"""The last day that the words of a due date can mean, from the words and the day on which they were said.

It is a proposal; who marks a promise may overrule it. Read generously, so that nobody is called late too early: "the
next months" are three, "the next weeks" six, "the next days" fourteen days, "the next years" three; the beginning of a
year lasts a quarter, its middle until the end of July; the beginning of a month lasts ten days, its middle twenty;
seasons are those of the weather service. A month, quarter or season without a year is the next one. Words that name no
time mean no day, and what has no day is never overdue.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta


def _numbered(*ways: str) -> dict[str, int]:
    """Each word to the place of its line, from 1."""
    return {word: number for number, words in enumerate(ways, 1) for word in words.split()}


MONTHS = _numbered(
    "januar january jan",
    "februar february feb",
    "märz march mär mar",
    "april apr",
    "mai may",
    "juni june jun",
    "juli july jul",
    "august aug",
    "september sept sep",
    "oktober october okt oct",
    "november nov",
    "dezember december dez dec",
)
NUMBERS = _numbered(
    "ein eine einem einer eines one a an",
    "zwei two",
    "drei three",
    "vier four",
    "fünf five",
    "sechs six",
    "sieben seven",
    "acht eight",
    "neun nine",
    "zehn ten",
    "elf eleven",
    "zwölf twelve",
)
ORDINALS = _numbered(
    "1 i erste first 1st",
    "2 ii zweite second 2nd",
    "3 iii dritte third 3rd",
    "4 iv vierte letzte fourth last 4th",
)
SEASONS = {"frühjahr": 5, "frühling": 5, "spring": 5, "sommer": 8, "summer": 8, "herbst": 11, "autumn": 11, "winter": 2}
SOON = {"day": 14, "week": 42}  # days
SOON_MONTHS = {"month": 3, "quarter": 9, "year": 36}
UNITS = {
    "day": r"tage?n?|days?",
    "week": r"wochen?|weeks?",
    "month": r"monat(?:e[ns]?|s)?|months?",
    "quarter": r"quartal(?:e[ns]?|s)?|quarters?",
    "year": r"jahr(?:e[ns]?|s)?|years?",
}
PLURAL = r"(?:tagen?|days|wochen|weeks|monaten?|months|quartalen?|quarters|jahren?|years)"

_DIGITS = r"(?:19|20)\d\d"
_YEAR = rf"(?P<year>{_DIGITS})"
_MAY = (  # also a verb
    r"(?:(?<=in )|(?<=of )|(?<=by )|(?<=until )|(?<=early )|(?<=late )|(?<=mid-)|(?<=\d )|(?<=\dst ))may"
    r"|may(?=,? \d)"
)
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS.keys() - {'may'}, key=len, reverse=True))}|{_MAY})(?![a-zäöü])\.?"
_PART = r"(?:(?P<part>anfang|beginn|mitte|ende|early|mid|late|(?:the )?(?:beginning|start|middle|end) of)[\s-]+)?"
_NEXT = r"(?:nächste[nmrs]?|kommende[nmrs]?|folgende[nmrs]?|next|coming|following)"
_THIS = r"(?:diese[nmrs]?|laufende[nmrs]?|this|the current)"
_UNIT = "|".join(f"(?P<{name}>{forms})" for name, forms in UNITS.items())
_ORDINAL = rf"(?P<ordinal>{'|'.join(sorted(ORDINALS, key=len, reverse=True))})"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"


def last_day(words: str, said_on: date) -> date | None:
    """The last day that the words can mean; None where they name none, or one before they were said."""
    text = " ".join(words.casefold().replace("’", "'").split())[:200]
    for pattern, read in _WAYS:
        if found := pattern.search(text):
            day = _safely(read, found, said_on)
            return day if day and day >= said_on else None
    return None


Read = Callable[[re.Match[str], date], date | None]


def _safely(read: Read, found: re.Match[str], said_on: date) -> date | None:
    """None for a 31st of February and for what lies beyond the calendar."""
    try:
        return read(found, said_on)
    except (ValueError, OverflowError):
        return None


def _iso(found: re.Match[str], _said: date) -> date:
    return date(int(found["year"]), int(found["m"]), int(found["d"]))


def _day_of_month(found: re.Match[str], said: date) -> date:
    month = int(found["m"]) if "m" in found.re.groupindex else MONTHS[found["month"]]
    day, year = int(found["d"]), found["year"]
    return date(int(year), month, day) if year else _next(said, (date(y, month, day) for y in _years(said)))


def _quarter(found: re.Match[str], said: date) -> date:
    return _part_of_year(found, said, 3)


def _half(found: re.Match[str], said: date) -> date:
    return _part_of_year(found, said, 6)


def _part_of_year(found: re.Match[str], said: date, months: int) -> date:
    number = min(ORDINALS[found["ordinal"]], 12 // months)
    return _end_of_month_named(found, said, months * number)


def _month(found: re.Match[str], said: date) -> date:
    month, last = MONTHS[found["month"]], {"first": 10, "middle": 20}.get(_which(found["part"]), 31)
    years = (int(found["year"]),) if found["year"] else (said.year, said.year + 1)
    days = [date(year, month, min(last, monthrange(year, month)[1])) for year in years]
    return next((day for day in days if day >= said), days[-1])


def _season(found: re.Match[str], said: date) -> date:
    month, year = SEASONS[found["season"]], found["year"]
    if year and month == 2:  # winter 2011 ends in the year after
        return _end_of_month(int(year) + 1, month)
    return _end_of_month_named(found, said, month)


def _year(found: re.Match[str], _said: date) -> date:
    return _in_year(int(found["year"]), found["part"])


def _next_year(found: re.Match[str], said: date) -> date:
    return _in_year(said.year + 1, found["part"])


def _this_year(found: re.Match[str], said: date) -> date:
    return _in_year(said.year, found["part"])


def _in_year(year: int, part: str | None) -> date:
    return _end_of_month(year, {"first": 3, "middle": 7}.get(_which(part), 12))


def _next_few(found: re.Match[str], said: date) -> date:
    unit = _unit(found)
    return said + timedelta(days=SOON[unit]) if unit in SOON else _months_on(said, SOON_MONTHS[unit])


def _so_many(found: re.Match[str], said: date) -> date:
    count, unit = found["count"], _unit(found)
    number = int(count) if count.isdecimal() else NUMBERS[count]
    if unit in SOON:
        return said + timedelta(days=number * {"day": 1, "week": 7}[unit])
    return _months_on(said, number * {"month": 1, "quarter": 3, "year": 12}[unit])


def _next_one(found: re.Match[str], said: date) -> date:
    return _end_of_unit(_unit(found), said, 1)


def _this_one(found: re.Match[str], said: date) -> date:
    return _end_of_unit(_unit(found), said, 0)


def _end_of_unit(unit: str, said: date, on: int) -> date:
    """The end of the present day, week, month, quarter or year, or of the one so many after it."""
    if unit == "day":
        return said + timedelta(days=on)
    if unit == "week":
        return said + timedelta(days=6 - said.weekday() + 7 * on)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = (said.month - 1) // months * months + 1
    last = _months_on(date(said.year, first, 1), months * (on + 1) - 1)
    return _end_of_month(last.year, last.month)


def _unit(found: re.Match[str]) -> str:
    return next(name for name in UNITS if found[name])


def _which(part: str | None) -> str:
    words = (part or "").removeprefix("the ")
    if words.startswith(("anfang", "beginn", "early", "start", "jahresbeginn")):
        return "first"
    return "middle" if words.startswith(("mi", "jahresmitte")) else "last"


def _end_of_month_named(found: re.Match[str], said: date, month: int) -> date:
    """With the year that stands beside it; without one the next."""
    if found["year"]:
        return _end_of_month(int(found["year"]), month)
    return _next(said, (_end_of_month(year, month) for year in _years(said)))


def _years(said: date) -> Iterator[int]:
    yield from (said.year, said.year + 1)


def _next(said: date, days: Iterator[date]) -> date:
    return next(day for day in days if day >= said)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _way(pattern: str, read: Read) -> tuple[re.Pattern[str], Read]:
    return re.compile(rf"(?<![\w]){pattern}(?![\w])"), read


_OF_YEAR = rf"(?:[\s/,]+(?:of |des jahres |im jahr )?{_YEAR})?"
_WAYS = (  # the first that fits is meant, so the more exact ones come first
    _way(r"(?P<year>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)", _iso),
    _way(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?:\s?(?P<year>(?:19|20)\d\d))?", _day_of_month),
    _way(rf"(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)? (?:of )?{_MONTH}(?:,? {_YEAR})?", _day_of_month),
    _way(rf"{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? {_YEAR})?", _day_of_month),
    _way(rf"q(?P<ordinal>[1-4]){_OF_YEAR}", _quarter),
    _way(rf"{_ORDINAL}[nmrs]?\.? (?:quartal\w{{0,2}}|quarter){_OF_YEAR}", _quarter),
    _way(rf"h(?P<ordinal>[12]){_OF_YEAR}", _half),
    _way(rf"{_ORDINAL}[nmrs]?\.? (?:halbjahr\w{{0,2}}|jahreshälfte|half(?: of the year)?){_OF_YEAR}", _half),
    _way(rf"{_PART}{_MONTH}{_OF_YEAR}", _month),
    _way(rf"(?P<season>{'|'.join(SEASONS)})s?{_OF_YEAR}", _season),
    _way(rf"{_PART}(?:des |the )?{_NEXT} (?:jahr(?:es|e)?|year)", _next_year),
    _way(rf"{_PART}(?:des |the )?{_THIS} (?:jahr(?:es|e)?|year)", _this_year),
    _way(rf"{_PART}(?:im jahre? |des jahres |in |of )?{_YEAR}", _year),
    _way(rf"(?:in|innerhalb|binnen|within)(?: von| the| den)?(?: {_NEXT})? {_COUNT} (?:{_UNIT})", _so_many),
    _way(rf"{_NEXT} (?:paar |few |couple of )?(?={PLURAL}\b)(?:{_UNIT})", _next_few),
    _way(rf"{_NEXT} (?:{_UNIT})", _next_one),
    _way(rf"{_THIS} (?:{_UNIT})", _this_one),
    _way(r"(?P<day>heute|today)", _this_one),
    _way(r"(?P<day>morgen|tomorrow)", _next_one),
    _way(r"(?P<part>jahresende|year-end|jahresmitte|jahresbeginn)", _this_year),
    _way(rf"{_PART}(?:(?:des|the|over|during|in|laufe?|course of) )*(?:jahres|the year)", _this_year),
)
