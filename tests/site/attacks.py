"""What is thrown at the two forms that readers send, and how a page must look afterwards."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.kit import tokens
from app.places import gazetteer
from tests.cast import make_post, read_posts
from tests.cpu import cpu_seconds, own_garbage_only
from tests.page import Page

SLOWEST = 5.0  # CPU seconds for a whole request; the slowest takes a tenth of that
Fill = Callable[[str], dict[str, str]]


def make_target(app: Flask, posts: str) -> None:
    """A post to write under, in a process that has answered once before."""
    make_post(Path(posts), "ziel")
    read_posts(app)
    gazetteer()
    client = app.test_client()
    client.post("/posts/ziel/comments", data={"key": "a-first-one", "name": "Lena", "text": "Zum Aufwärmen."})
    client.post("/reports", data={"key": "a-first-one", "symptoms": "sms", "place": "Jena"})


def send_all(client: FlaskClient, path: str, attacks: list[str], fill: Fill) -> Iterator[tuple[str, int]]:
    """Send each string with a key of its own; the slowest request is printed and bounded."""
    slowest = 0.0
    with own_garbage_only():
        for attack in attacks:
            answer, seconds = cpu_seconds(partial(_send, client, path, fill(attack)), SLOWEST)
            slowest = max(slowest, seconds)
            yield attack, answer.status_code
    print(f"{path}: slowest request {slowest:.3f} CPU seconds")
    assert slowest < SLOWEST


def _send(client: FlaskClient, path: str, fields: dict[str, str]) -> TestResponse:
    return client.post(path, data={"key": tokens.new_key(), **fields})


def assert_harmless(html: str, where: str) -> None:
    """The page reads as one of ours: no script, no handler, nothing loaded from elsewhere."""
    page = Page(html, where)
    assert not list(page.root.all("iframe", "object", "embed", "svg", "math", "base", "frame"))
