"""Telephone numbers: what the library `phonenumbers` sees, and the disguises that it does not."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumberMatcher,
    PhoneNumberType,
    country_code_for_region,
    is_valid_number,
    number_type,
    parse,
)

from app.kit.redact.find import Find, Kind
from app.kit.redact.page import Page
from app.kit.redact.runs import Run, digitised, runs, spelled_runs

CANDIDATES: Final = 2_000
"""Candidates of one text that the library is asked about; behind them, all that is as long as a number is one."""

REST = 4  # digits right behind a number that may still be a year
LONGEST = 15  # digits; E.164 has no number longer than 15, and two zeros may stand for its plus
ANNOUNCED = 6  # digits of a number that a word announces: those of one town are short

_SERVICE = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)
_MOBILE = {"DE": re.compile(r"(?:0|49|0049)1[567]\d{7,9}")}  # also those that no carrier has been given
_SHAPE = re.compile(
    r"""(?x) 0[1-9]\d{1,4} (?:[ ]?[/-][ ]?
      |[ ]) \d{2,4} (?:[ -]?\d{1,4}){1,4} # an area code set apart, no date, no amount
    | \(0\d{2,5}\) [ /-]{0,2} \d{2,4} (?:[ -]?\d{1,4}){1,4}
    | (?:1[ .-])? (?:\(\d{3}\)[ ]?|\d{3}[.-]) \d{3}[ .-]\d{4} """
)

_HOTLINE = re.compile(
    r"""(?xi) (?:hotline | service[- ]?(?:telefon|line)? | kunden(?:service|betreuung|dienst|hotline)
      | customer[ ](?:service|care|support|services) | support(?:[ ]line)? | help[ ]?line | helpdesk | kurzwahl)
    (?:[- ]{0,2}(?:telefon)?(?:nummer|number|nr\.?|no\.?|line))?
    (?:\s(?:von|of|at|on|under|unter|der|ist|is|lautet|o2|\(?o2\)?)){0,3} [\s:(,"„“=-]{0,4} \+?\(? $"""
)
_ANNOUNCED = re.compile(
    r"""(?xi) (?<![^\W_]) (?: tel(?:efon)?(?:nummer|nr|no)?\.? | (?:tele)?fon | (?:mobile|cell|home|work)?[ ]?phone
      | handy(?:nummer|nr)?\.? | mobil(?:e|nummer|funknummer|nr|telefon)?\.? | (?:mobil|telefon)nr\.
      | (?:eigene|alte|neue|meine|unsere)[ ](?:ruf)?nummer | (?:my|our|her|his|new|old)[ ](?:own[ ])?(?:number|nr)
      | (?:ruf|rückruf|festnetz|fax|telefon|mobilfunk)[- ]?(?:nummer|nr)s?\.? | festnetz | durchwahl | fax | whatsapp
      | cell | call(?:[ ]me|[ ]us)?(?:[ ]back)? | (?:reach|text|ring)[ ](?:me|us) | landline | callback
      | rufe?[nt]?[ ](?:mich|uns|bitte) | (?:zu[ ])?erreiche?n | erreichbar | zurückrufen | rückruf )
    (?:number|nummer)?
    (?: [ ](?:ist|is|lautet|war|was|unter|at|on|under|auf|an|bitte|mich|mir|uns|me|us|die|der|folgende|number|nummer
       |nr\.?|no\.?|zurück|anrufen|back|please|the|you|können|sie|ihr|bin|ich|immer|tagsüber|abends|still|same)){0,4}
    [\s.:=#,(/-]{0,4} \+?\(? $"""
)
WINDOW = 90  # characters before a number in which it is announced


def phones(page: Page) -> Iterator[Find]:
    """Valid numbers of the region or with a country code, however they are grouped or spelled; and announced ones.

    Service numbers (toll-free, shared cost, premium) lead to companies and stay; so does any other number that is
    announced as a hotline by the word right before it.
    """
    text = digitised(page.veiled)
    asked = _Asked(text, page.region)
    for match in PhoneNumberMatcher(text, page.region, leniency=Leniency.VALID, max_tries=100):
        is_long = sum(map(str.isdigit, match.raw_string)) > ANNOUNCED
        if is_long and number_type(match.number) not in _SERVICE and not _is_hotline(text, match.start):
            yield Find(match.start, match.end, Kind.PHONE)
    for run in runs(text):
        yield from _within(run, asked)
    for shape in _SHAPE.finditer(text):
        if _is_number_shaped(shape, text):
            yield Find(shape.start(), shape.end(), Kind.PHONE)
    for run in spelled_runs(page.text):
        yield from _within(run, replace(asked, text=page.text))


@dataclass
class _Asked:
    """The library, asked about numbers of a text so often and no more."""

    text: str
    region: str
    times: int = 0

    @cached_property
    def country_code(self) -> str:
        return str(country_code_for_region(self.region))

    def is_number(self, digits: str, *, plus: bool) -> bool:
        if not plus and digits[0] != "0":
            return digits.startswith(self.country_code) and len(digits) > 10 and self.is_number(digits, plus=True)
        self.times += 1
        return self.times > CANDIDATES or _is_valid(digits, self.region, plus=plus)

    def may_be_number(self, digits: str, *, plus: bool) -> bool:
        """Whether it looks like one that the carriers of the region, or of any country, may give away one day."""
        mobile = _MOBILE.get(self.region)
        return bool(plus and len(digits) > 8) or bool(mobile and mobile.fullmatch(digits))


@lru_cache(maxsize=4096)
def _is_valid(digits: str, region: str, *, plus: bool) -> bool:
    """Whether somebody's telephone may ring there."""
    try:
        number = parse(f"+{digits}" if plus else digits, region)
    except NumberParseException:
        return False
    return is_valid_number(number) and number_type(number) not in _SERVICE


def _within(run: Run, asked: _Asked) -> Iterator[Find]:
    """The numbers in a run: of those that begin with a group the longest, then on behind it.

    Digits between two numbers, and more than a year's behind the last, belong to them: somebody's number is in there.
    """
    if len(run.digits) < ANNOUNCED:
        return
    spans = list(_spans(run, asked))
    if spans and len(run.digits) - spans[-1][1] > REST:
        spans.append((spans[-1][1], len(run.digits)))
    for at, (begin, end) in enumerate(spans):
        until = spans[at + 1][0] if at + 1 < len(spans) else _spaced_to(run, end)
        yield Find(_with_plus(asked.text, run.starts[begin]), run.ends[max(end, until) - 1], Kind.PHONE)


def _spaced_to(run: Run, end: int) -> int:
    """Where a number ends whose digits stand one by one: the single digits right behind it are its own."""
    firsts = {*run.groups(), len(run.digits)}
    while {end - 1, end, end + 1} <= firsts and end < len(run.digits):
        end += 1
    return end


def _spans(run: Run, asked: _Asked) -> Iterator[tuple[int, int]]:
    """Of each number the first digit, and the one behind its last."""
    groups, first = run.groups(), 0
    behind = [*groups[1:], len(run.digits)]
    while first < len(groups):
        last = _last(run, groups, first, asked)
        if last is not None and not _is_hotline(asked.text, run.starts[groups[first]]):
            yield groups[first], behind[last]
        first = first + 1 if last is None else last + 1


def _last(run: Run, groups: list[int], first: int, asked: _Asked) -> int | None:
    """The group with which the longest number ends that begins with this group; a valid one before any other."""
    begin = groups[first]
    plus, text = begin in run.plus, asked.text
    is_announced = first == 0 and _is_announced(text, run.starts[begin])
    if _is_joined(text, run.starts[begin]) or not (is_announced or plus or _is_dialled(run, begin, asked)):
        return None
    ends = _ends(run, groups, first)
    tests: list[Callable[[str], bool]] = [
        lambda digits: asked.is_number(digits, plus=plus),
        lambda digits: asked.may_be_number(digits, plus=plus),
    ]
    if is_announced:
        tests.append(lambda digits: len(digits) >= ANNOUNCED)
    if run.is_spelled:
        tests.append(lambda digits: len(digits) > 8)
    for test in tests:
        if found := [last for last, digits in ends if test(digits)]:
            return found[-1]
    return None


def _is_dialled(run: Run, begin: int, asked: _Asked) -> bool:
    """Whether it begins with a zero, or with the region's country code in a group of its own."""
    return run.digits[begin] == "0" or (begin == 0 and run.digits.startswith(asked.country_code))


def _ends(run: Run, groups: list[int], first: int) -> list[tuple[int, str]]:
    """The groups with which a number that begins with this one may end, and its digits then."""
    ends = list[tuple[int, str]]()
    for last in range(first, len(groups)):
        digits = run.digits[groups[first] : (groups[last + 1] if last + 1 < len(groups) else None)]
        if len(digits) > LONGEST + 2 or (last > first and groups[last] in run.plus):
            break
        if len(digits) >= ANNOUNCED:
            ends.append((last, digits))
    return ends


def _is_announced(text: str, at: int) -> bool:
    return bool(_ANNOUNCED.search(text[max(0, at - WINDOW) : at]))


def _is_number_shaped(shape: re.Match[str], text: str) -> bool:
    """Whether what is grouped like a number stands alone, is long enough, and leads to no company."""
    around = text[max(0, shape.start() - 1) : shape.start()] + text[shape.end() : shape.end() + 1]
    digits = re.sub(r"\D", "", shape.group())
    is_service = re.match(r"0(?:800|180|900|137|700)", digits)
    return (
        not re.search(r"[\w\x00]", around)
        and 8 <= len(digits) <= 14
        and not is_service
        and not _is_hotline(text, shape.start())
    )


def _is_joined(text: str, at: int) -> bool:
    """Whether a letter stands right before: "I9100" is a name."""
    return at > 0 and text[at - 1].isalpha()


def _is_hotline(text: str, at: int) -> bool:
    return bool(_HOTLINE.search(text[max(0, at - WINDOW) : at]))


def _with_plus(text: str, start: int) -> int:
    """Where the number begins with its plus or its bracket."""
    while start and text[start - 1] in "+(":
        start -= 1
    return start
