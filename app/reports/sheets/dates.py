"""When something was told, in each of the ways a form's table writes it."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum

EARLIEST_YEAR = 1992  # the first digital mobile networks in Germany

TIME = (
    r"[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"(?:\s*(?P<half>AM|PM|a\.m\.|p\.m\.|vorm\.|nachm\.))?"
    r"(?:\s*(?P<zone>[A-Z]{1,5})?(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?)"
)
FLAGS = re.ASCII | re.IGNORECASE
YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})" + TIME, FLAGS)
DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})" + TIME, FLAGS)
NAMED = re.compile(r"(?P<day>\d{1,2})[-. ]{1,2}(?P<name>[A-Za-zÄä]{3,9})[-., ]{1,2}(?P<year>\d{4}|\d{2})" + TIME, FLAGS)
UNORDERED = re.compile(r"(?P<one>\d{1,2})([-/])(?P<two>\d{1,2})\2(?P<year>\d{4})" + TIME, FLAGS)

MONTHS = {  # English and German, whole and short
    name: month
    for month, names in enumerate(
        (
            "jan january januar jänner",
            "feb february februar",
            "mar march mär märz mrz maerz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        start=1,
    )
    for name in names.split()
}
CENTURY_TURNS = 70  # "15" is 2015, "95" is 1995

ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "WEZ": 0, "WET": 0, "MEZ": 1, "CET": 1, "MESZ": 2, "CEST": 2}
AFTERNOON = {"pm", "p.m.", "nachm."}


class DateOrder(StrEnum):
    """What the person says who imports: day first, month first, or year first."""

    DMY = "dmy"
    MDY = "mdy"
    ISO = "iso"


class NoTime(ValueError):
    """The text is no point in time; the message is a sentence that says why."""


def needs_order(text: str) -> bool:
    """Whether day and month could be taken for each other; dots are German, a year in front is plain."""
    return UNORDERED.fullmatch(text) is not None


def parse_time(text: str, home: tzinfo, order: DateOrder | None) -> datetime:
    """The moment in UTC; a text without a zone is meant at `home`.

    The hour that comes twice when summer time ends is taken as its first pass.
    """
    match = next(filter(None, (way.fullmatch(text) for way in (YEAR_FIRST, DOTTED, NAMED, UNORDERED))), None)
    if match is None:
        raise NoTime(f'"{text[:40]}" is not a date with a time.')
    day, month = _day_and_month(match, order)
    try:
        wall = datetime(_year(match["year"]), month, day, *_clock(match))  # noqa: DTZ001 - its zone comes next
    except ValueError as error:
        raise NoTime(f'"{text[:40]}" does not exist in the calendar.') from error
    if wall.year < EARLIEST_YEAR:
        raise NoTime(f'"{text[:40]}" is before there were mobile networks.')
    return _moment(wall, _zone(match, home))


def _year(digits: str) -> int:
    """Only a month that is named leaves no doubt that two digits are a year; only then they are read as one."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= CENTURY_TURNS else 2000)


def _day_and_month(match: re.Match[str], order: DateOrder | None) -> tuple[int, int]:
    if match.re is NAMED:
        return int(match["day"]), _month(match)
    if match.re is not UNORDERED:
        return int(match["day"]), int(match["month"])
    if order is DateOrder.DMY:
        return int(match["one"]), int(match["two"])
    if order is DateOrder.MDY:
        return int(match["two"]), int(match["one"])
    raise NoTime(f'"{match[0][:40]}" does not have the year in front.')


def _month(match: re.Match[str]) -> int:
    if month := MONTHS.get(match["name"].lower()):
        return month
    raise NoTime(f'"{match["name"]}" is no month in English or German.')


def _clock(match: re.Match[str]) -> tuple[int, int, int]:
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if half := match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("a clock of twelve hours has no such hour")
        hour = hour % 12 + (12 if half.lower() in AFTERNOON else 0)
    return hour, minute, second


def _zone(match: re.Match[str], home: tzinfo) -> tzinfo:
    name, offset = match["zone"], match["offset"]
    if not name and not offset:
        return home
    if name and name.upper() not in ZONES:
        raise NoTime(f'The time zone "{name}" is not known.')
    hours = ZONES[name.upper()] if name else 0
    shift = timedelta(hours=hours) + _shift(offset or "+0")
    if abs(shift) >= timedelta(hours=24):
        raise NoTime(f'The time zone "{match[0][-12:]}" is not on earth.')
    return timezone(shift)


def _shift(offset: str) -> timedelta:
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    shift = timedelta(hours=hours, minutes=minutes)
    return -shift if offset.startswith("-") else shift


def _moment(wall: datetime, zone: tzinfo) -> datetime:
    try:
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError as error:
        raise NoTime(f'"{wall:%Y-%m-%d %H:%M}" lies beyond the calendar.') from error
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise NoTime(f'"{wall:%Y-%m-%d %H:%M}" was skipped when summer time began.')
    return moment
