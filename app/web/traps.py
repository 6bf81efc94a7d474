"""The field that people do not see: each day it has another name, and the names of fourteen days are known.

A page is the same for everyone, so it carries the name of its day. A form that waited on a device without a network
comes days later, with the name that its page had.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from flask import current_app

from app.kit import clock, tokens

DAYS = 14  # after which no page, and nothing that waited on a device, carries the name any more
# what machines like to fill, and no browser fills by itself
WORDS = ("website", "homepage", "url", "weblink", "webpage", "siteurl", "blogurl", "weblog")
ALWAYS = "website"  # as forms of the release before say, and as machines say that learned it once


class Trap(NamedTuple):
    """A field of a form that was filled, or not."""

    name: str
    value: str

    @property
    def is_filled(self) -> bool:
        return bool(self.value)


def name_of_today() -> str:
    """The name that a page made now gives to the field."""
    return _named(_secret(), clock.now().date())


def found(form: Mapping[str, str]) -> Trap:
    """The field as it came: the first that is filled under any name of its days, else an empty one."""
    now = clock.now()
    filled = ((name, " ".join(form.get(name, "").split())) for name in _known(now))
    return next((Trap(name, value) for name, value in filled if value), Trap(name_of_today(), ""))


def _known(now: datetime) -> tuple[str, ...]:
    """Of the last days and of tomorrow, for clocks of several hosts differ."""
    secret, today = _secret(), now.date()
    return *(_named(secret, today - timedelta(days=back)) for back in range(-1, DAYS + 1)), ALWAYS


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


@lru_cache(64)
def _named(secret: str, day: date) -> str:
    """A word and four digits, which nobody knows before the day has come."""
    said = tokens.keyed(secret, "trap", day.isoformat())
    return f"{WORDS[said[0] % len(WORDS)]}_{said[1:3].hex()}"
