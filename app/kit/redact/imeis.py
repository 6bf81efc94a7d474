"""Numbers of devices (IMEI): 15 digits of which the last checks the others, or whatever a text calls one."""

import re
from collections.abc import Iterator

from app.kit.redact.find import Find, Kind
from app.kit.redact.page import Page
from app.kit.redact.runs import Run, digitised, luhn, runs

DIGITS = 15
ANNOUNCED = (15, 16, 17, 14)  # digits, in the order in which they are looked for
_ANNOUNCED = re.compile(r"(?i)imei(?:[^\d\[\]\n]|\d(?=\s?[:=.)-])|\d-){0,60}$")
WINDOW = 80


def imeis(page: Page) -> Iterator[Find]:
    """Valid ones, grouped by any signs; and those of 14 to 17 digits that the word IMEI announces."""
    text = digitised(page.text)
    for run in runs(text):
        if len(run.digits) < min(ANNOUNCED):
            continue
        before = text[max(0, run.starts[0] - WINDOW) : run.starts[0]]
        if "imei" in before.lower() and _ANNOUNCED.search(before):
            yield from _announced(run)
        yield from _valid(run)


def _announced(run: Run) -> Iterator[Find]:
    borders = {*run.groups()[1:], len(run.digits)}
    whole = len(run.digits)
    end = whole if whole in ANNOUNCED else next((end for end in ANNOUNCED if end in borders), None)
    if end:
        yield Find(run.starts[0], run.ends[end - 1], Kind.IMEI)


def _valid(run: Run) -> Iterator[Find]:
    groups = run.groups()
    borders = {*groups[1:], len(run.digits)}
    for begin in groups:
        end = begin + DIGITS
        if end in borders and luhn(run.digits[begin:end]):
            yield Find(run.starts[begin], run.ends[end - 1], Kind.IMEI)
