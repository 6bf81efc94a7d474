"""A site with something in each of its rooms, served for real, at which anything may be thrown."""

import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from itertools import count
from pathlib import Path
from typing import Self

import brotli
from flask import Flask
from flask.testing import FlaskClient

from app import close_app, create_app
from app.config import Settings
from tests.cast import make_owner, sign_in
from tests.desk.rooms import furnish, path_of
from tests.hostile.ways import Sent, Way, named_ways, rules, watched, ways_by_form, ways_by_path
from tests.page import Page
from tests.server import PATIENCE, Server

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back: the status, every header as it was, the body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return ", ".join(value for each, value in self.headers if each.lower() == name.lower())

    @property
    def text(self) -> str:
        """What is read of it once it is unpacked."""
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(self.header("content-encoding"), bytes)
        return str(unpack(self.body), "utf-8", "replace")

    @classmethod
    def read(cls, response: HTTPResponse) -> Self:
        return cls(response.status, response.getheaders(), response.read())


@dataclass
class Target:
    """The server, the ways into it, and the session of the owner, whose desk is attacked as well."""

    server: Server
    ways: list[Way]
    cookie: str
    statuses: Counter[int] = field(default_factory=Counter)
    _line: HTTPConnection | None = None
    _numbers: Iterator[int] = field(default_factory=count)

    def send(self, sent: Sent, **headers: str) -> Answer:
        """Ask on a connection that stays open, each time from another address."""
        number = next(self._numbers)
        own = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        if sent.target.startswith("/desk"):
            own["Cookie"] = f"desk={self.cookie}"
        if sent.method == "POST":
            own["Content-Type"] = FORM
        answer = self._asked(sent, own | headers)
        self.statuses[answer.status] += 1
        return answer

    def _asked(self, sent: Sent, headers: dict[str, str]) -> Answer:
        """A server may close a connection between two requests; no request breaks two."""
        for line in (self._line, None):
            self._line = line or HTTPConnection("localhost", self.server.port, timeout=PATIENCE)
            try:
                self._line.request(sent.method, sent.target, sent.body or None, headers)
                return Answer.read(self._line.getresponse())
            except (ConnectionError, HTTPException) as error:
                self._line.close()
                broken = error
        raise AssertionError(f"{sent.method} {sent.target[:300]} {sent.body[:300]!r} got no answer") from broken

    def leave(self) -> None:
        if self._line:
            self._line.close()
        self.server.stop()

    @property
    def memory(self) -> int:
        """Bytes that all processes of the site have for themselves, shared ones by share."""
        return sum(_pss(pid) for pid in _family(self.server.pid))


def make_target(folder: Path, empty_database: Path) -> Target:
    """Furnish an instance, find the ways into it, start a server on it."""
    server = Server(folder, EINZELFALL_POSTS=str(folder / "posts"), EINZELFALL_TRUSTED_PROXIES="1")
    server.furnish(empty_database)
    app = _app(server.environ)
    values = furnish(app, folder / "posts")
    olga = sign_in(app, make_owner(app))
    owner = olga.client
    cookie = owner.get_cookie("desk", path="/desk")
    assert cookie
    close_app(app)
    copy = server.copied(folder / "scratch", EINZELFALL_POSTS=str(folder / "posts"), EINZELFALL_TRUSTED_PROXIES="1")
    owner.application = scratch = _app(copy.environ)  # who tries what a form does erases and releases
    ways = [*dict.fromkeys(_ways(scratch, values, owner, olga.token))]
    close_app(scratch)
    server.start()
    return Target(server, ways, cookie.value)


def _ways(app: Flask, values: dict[str, object], client: FlaskClient, token: str) -> Iterator[Way]:
    """Reading every page shows what it looks for and its forms; sending what those say shows the rest."""
    yield from ways_by_path(app, values)
    forms: list[Way] = []
    with watched(app) as asked:
        for rule in rules(app, "GET"):
            path = path_of(app, rule, values)
            answer = client.get(path, buffered=True)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                forms += ways_by_form(Page(answer.text, path))
        yield from named_ways(app, values, "GET", asked)
    yield from forms
    app.config["WTF_CSRF_ENABLED"] = False
    sent = {name: "1" for form in forms for name in (*form.names, *dict(form.kept))}
    with watched(app) as asked:
        for rule in rules(app, "POST"):
            client.post(path_of(app, rule, values), data=sent)
        yield from named_ways(app, values, "POST", asked | set(sent), ("csrf_token", token))


def _app(environ: dict[str, str]) -> Flask:
    app = create_app(Settings.load(environ))
    app.testing = True
    return app


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    below = [int(each) for each in children.read_text().split()] if children.exists() else []
    return [pid, *(one for child in below for one in _family(child))]


def _pss(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
