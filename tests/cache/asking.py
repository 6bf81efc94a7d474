"""Readers of the page cache: what is kept, beside what the app would say now."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from app import cache
from app.cache.middleware import PageCache
from app.cache.parts import Parts
from app.cache.store import Store

AS_OF = re.compile(rb'"as_of":\s*"[^"]*"')


def cache_of(app: Flask) -> PageCache:
    return cache.page_cache(app)


def fresh(app: Flask, address: str) -> bytes:
    """The body that the app renders at this moment, past the cache."""
    builder = EnvironBuilder(path=address)
    try:
        body, _status, _headers = run_wsgi_app(cache_of(app).inner, builder.get_environ(), buffered=True)
        return _timeless(b"".join(body))
    finally:
        builder.close()


def shown(app: Flask, address: str) -> bytes:
    """The body that a reader is shown."""
    return _timeless(app.test_client().get(address).data)


def forget(app: Flask) -> None:
    """From now on nothing is kept of pages that were made before, neither whole nor in parts."""
    cache_of(app).store, cache_of(app).parts = Store(), Parts()


def remember(app: Flask) -> None:
    """From now on the process has in memory what it reads once for all pages, until that changes."""
    with app.app_context():
        app.extensions["shelf"].find("")


@contextmanager
def counted(app: Flask) -> Iterator[dict[str, int]]:
    """How the requests meanwhile were answered; filled in at the end."""
    found: dict[str, int] = {}
    before = vars(cache_of(app).counts).copy()
    yield found
    found |= {name: value - before[name] for name, value in vars(cache_of(app).counts).items() if value != before[name]}


def ask(client: FlaskClient, address: str, coding: str | None = None, **headers: str) -> TestResponse:
    """A reader who takes that coding."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(address, headers=told | ({"Accept-Encoding": coding} if coding is not None else {}))


def _timeless(body: bytes) -> bytes:
    """The counter says when it was asked."""
    return AS_OF.sub(b"", body)
