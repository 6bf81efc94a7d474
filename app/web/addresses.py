"""Addresses of pages in a language: built once, then remembered. Building one takes longer than all else on a line."""

from collections.abc import Callable
from functools import lru_cache

from flask import Flask, current_app

from app.config import Language
from app.web.language import language

KEPT = 4096  # addresses; whoever asks for more of them builds them again
NO_LANGUAGE = frozenset({"static"})

Values = tuple[tuple[str, object], ...]


def address_in(code: Language, endpoint: str, /, **values: object) -> str:
    """The path of a page in a language, also where no request tells the way; `_anchor` is its fragment."""
    build: Callable[[Language, str, Values], str] = current_app.extensions["addresses"]
    return build(code, endpoint, tuple(values.items()))


def address(endpoint: str, /, **values: object) -> str:
    """The same in the language of the page: what templates call `url_for`. `lang` as an argument is another one."""
    return address_in(language(), endpoint, **values)


def init_app(app: Flask) -> None:
    own: Language = app.extensions["campaign"].language

    @lru_cache(KEPT)
    def build(code: Language, endpoint: str, values: Values) -> str:
        told = dict(values)
        if code != own and endpoint not in NO_LANGUAGE:
            told.setdefault("lang", code)
        anchor = told.pop("_anchor", None)
        path = app.url_map.bind("").build(endpoint, told)
        return f"{path}#{anchor}" if anchor else path

    app.extensions["addresses"] = build
    app.jinja_env.globals["url_for"] = address
