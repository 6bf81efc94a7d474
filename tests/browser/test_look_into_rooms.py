"""One of everything at the desk of the team and of a company: axe finds nothing, nothing scrolls sideways."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.serving import make_server

from app.extensions import db
from app.people.models import Member
from tests.browser.inspection import Inspection
from tests.browser.reader import DESKTOP, Reader
from tests.cast import GABI, SignedIn, sign_in, within
from tests.desk.rooms import furnish, path_of
from tests.desk.test_let_in import is_read
from tests.ports import free_port

ROOMS = re.compile(r"drafts|handed-in|previews|passkeys|pictures|organisations|grants|guest|versions|figures")
LEAST = 10  # pages of a company; the team has twice as many


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    """Where the app of the test answers a browser."""
    server = make_server("127.0.0.1", free_port(), app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def paths(app: Flask, posts: Path) -> list[str]:
    values = furnish(app, posts)
    found = sorted({path_of(app, rule, values) for rule in filter(is_read, app.url_map.iter_rules())})
    return [path for path in found if ROOMS.search(path)]


@pytest.fixture(params=["team", "company"])
def who(request: pytest.FixtureRequest, app: Flask, olga: SignedIn, paths: list[str]) -> SignedIn:
    """The owner, or the guest who is among what there is."""
    assert paths
    guest = within(app, lambda: db.session.scalars(select(Member).where(Member.email == GABI)).one())
    return olga if request.param == "team" else sign_in(app, guest)


def test_every_room_is_accessible(who: SignedIn, paths: list[str], url: str, browser: Browser) -> None:
    reader = Reader(browser, url, DESKTOP)
    cookie = who.client.get_cookie("desk", path="/desk")
    assert cookie
    reader.context.add_cookies([{"name": "desk", "value": cookie.value, "url": f"{url}/desk"}])
    seen = list(rooms := Inspection(reader, _rooms(reader, paths)))
    assert rooms.complaints == []
    assert len(seen) >= (LEAST if who.email == GABI else 2 * LEAST)
    reader.close()


def _rooms(reader: Reader, paths: list[str]) -> Iterator[str]:
    """Those that are pages, and open to whoever is there."""
    for path in paths:
        answer = reader.page.request.get(path)
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
            reader.open(path)
            yield path
