"""What the server sends by itself is what the app would have answered, and nothing else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from app.cache.entry import Told
from tests.cache.asking import ask, cache_of
from tests.cache.test_keep_answers import HOME
from tests.server import eventually

HOST = "localhost"


@pytest.fixture
def kept(client: FlaskClient) -> dict[str, str]:
    """The home page is in memory, packed; its headers."""
    ask(client, HOME, "br")
    return dict(ask(client, HOME, "br").headers)


def at_once(app: Flask, path: str = HOME, method: str = "GET", headers: dict[str, str] | None = None) -> Told | None:
    told = {"Accept-Encoding": "br", "Host": HOST} | (headers or {})
    return cache_of(app).hit(EnvironBuilder(path, method=method, headers=[*told.items()]).get_environ())


def test_a_kept_page_is_sent_as_the_app_would(app: Flask, client: FlaskClient, kept: dict[str, str]) -> None:
    told = at_once(app)
    assert told
    assert (told[0], dict(told[1]), told[2]) == (200, kept, ask(client, HOME, "br").data)


def test_who_has_it_is_told_so(app: Flask, kept: dict[str, str]) -> None:
    told = at_once(app, headers={"If-None-Match": kept["ETag"]})
    assert told
    assert (told[0], dict(told[1])["ETag"], told[2]) == (304, kept["ETag"], b"")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        (HOME, "POST", {}),
        (HOME, "HEAD", {}),
        (f"{HOME}&page=2", "GET", {}),
        ("/desk/", "GET", {}),
        (HOME, "GET", {"Host": "somebody.example"}),
        (HOME, "GET", {"Accept-Encoding": "identity"}),
    ],
)
def test_everything_else_is_asked_of_the_app(app: Flask, path: str, method: str, headers: dict[str, str]) -> None:
    assert at_once(app, path, method, headers) is None


@pytest.mark.usefixtures("kept")
def test_what_is_over_is_not_sent(app: Flask) -> None:
    assert at_once(app)
    cache = cache_of(app)
    cache.versions.next_look = 0.0
    for entry in cache.store.entries.values():
        entry.ends_at = 0.0
    eventually(lambda: at_once(app) is None, "the clock is looked at")
