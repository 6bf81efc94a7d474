"""The reader's language: it is in the URL, never guessed from headers."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

import flask_babel
from babel.dates import format_date, format_skeleton
from flask import Flask, has_request_context, request, url_for

from app.config import LANGUAGES, Language, Words, campaign
from app.kit import clock

KEPT = {  # the arguments that say which page it is, in every language; others bend no link
    "site.post": ("page", "filter"),
    "site.posts": ("page",),
    "site.answers": ("page", "q"),
    "site.tag": ("page",),
    "site.author": ("page",),
    "site.organisation": ("page",),
    "promises.index": ("state", "place"),
    "reports.new": ("place", "district"),
    "comments.new": ("parent",),
    "notices.new": ("comment",),
    "desk.notices": ("page", "state"),
    "desk.comments": ("page", "state"),
    "desk.answers": ("page", "post"),
    "desk.questions": ("page", "state"),
    "desk.decisions": ("page",),
    "desk.new_promise": ("post",),
}
KEPT_DAYS = 2048  # that are written out again and again
ALL = "all"  # in place of a page's number: all comments on one
ASKED = "einzelfall.language"  # in the environment of a request
NAMES: dict[Language, str] = {"de": "Deutsch", "en": "English"}
_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


def language() -> Language:
    """The language of the page: `?lang=`, else the campaign's."""
    if spoken := _spoken.get():
        return spoken
    if not has_request_context():
        return campaign().language
    environ = request.environ
    if ASKED not in environ:  # a page asks for each of its words
        asked = request.args.get("lang", "")
        environ[ASKED] = asked if asked in LANGUAGES else campaign().language
    return cast(Language, environ[ASKED])


@contextmanager
def speaking(code: Language) -> Iterator[None]:
    """Have everything in a language meanwhile, whatever page is asked for, and where none is."""
    before = _spoken.set(code)
    try:
        with flask_babel.force_locale(code):
            yield
    finally:
        _spoken.reset(before)


def words(text: Words | str) -> str:
    """The text in the page's language, or in the one it exists in."""
    if isinstance(text, str):
        return text
    return text.get(language()) or text.get(campaign().language) or next(iter(text.values()), "")


def other_languages() -> list[tuple[Language, str, str]]:
    """The same page in the other languages: code, name, address."""
    here = language()
    return [(code, name, _same_page(code)) for code, name in NAMES.items() if code != here]


def kept_arguments() -> dict[str, str]:
    """The arguments of the address that belong to the page; its first page has no number."""
    names = KEPT.get(request.endpoint or "", ())
    return {name: value for name in names if (value := _kept(name, request.args.get(name, "")))}


def _kept(name: str, value: str) -> str:
    """The argument as an address has it; nothing for the first page and for what is no page."""
    if name != "page" or (value == ALL and request.endpoint == "site.post"):
        return value
    number = request.args.get("page", 1, type=int)
    return str(number) if number > 1 else ""


def number(value: int) -> str:
    return str(flask_babel.format_decimal(value))


def decimal(value: float) -> str:
    return str(flask_babel.format_decimal(value, format="#,##0.0"))


def percent(share: float) -> str:
    """62 % · 62%"""
    rounded = flask_babel.format_decimal(round(share * 100))
    return f"{rounded}\u202f%" if language() == "de" else f"{rounded}%"


def fine_percent(share: float) -> str:
    """0,9 % · 0.9%"""
    rounded = decimal(share * 100)
    return f"{rounded}\u202f%" if language() == "de" else f"{rounded}%"


def short_day(at: date) -> str:
    """15. Nov. · Nov 15"""
    return str(format_skeleton("MMMd", at, locale=language()))


def month(at: date) -> str:
    """Nov. 2011 · Nov 2011"""
    return str(format_skeleton("yMMM", at, locale=language()))


def day(at: date) -> str:
    """15. November 2011 · November 15, 2011"""
    there = at.astimezone(clock.BERLIN).date() if isinstance(at, datetime) else at
    return _long(there, str(flask_babel.get_locale() or language()))


@lru_cache(KEPT_DAYS)
def _long(at: date, code: str) -> str:
    return str(format_date(at, "long", locale=code))


def moment(at: datetime) -> str:
    """15. November 2011, 14:05 Uhr · November 15, 2011, 14:05"""
    clock_time = at.astimezone(clock.BERLIN).strftime("%H:%M")
    return f"{day(at)}, {clock_time} Uhr" if language() == "de" else f"{day(at)}, {clock_time}"


def ago(at: datetime) -> str:
    """How long ago; for private pages only, since public ones must stay the same bytes."""
    return str(flask_babel.format_timedelta(at - clock.now(), add_direction=True))


def iso(at: datetime) -> str:
    return at.astimezone(clock.BERLIN).isoformat(timespec="minutes")


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(number=number, decimal=decimal, percent=percent, words=words)
    app.jinja_env.filters.update(fine_percent=fine_percent)
    app.jinja_env.filters.update(day=day, short_day=short_day, month=month, moment=moment, ago=ago, iso=iso)

    @app.url_defaults
    def _keep_language(endpoint: str, values: dict[str, Any]) -> None:  # Any: what url_for takes
        if endpoint != "static" and "lang" not in values and language() != campaign().language:
            values["lang"] = language()


def _same_page(code: str) -> str:
    args: dict[str, Any] = {**kept_arguments(), **(request.view_args or {})}
    args["lang"] = code if code != campaign().language else None
    endpoint = request.endpoint if request.method in {"GET", "HEAD"} else None
    return url_for(endpoint or "site.home", **(args if endpoint else {"lang": args["lang"]}))
