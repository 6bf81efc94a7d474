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
from app.people.models import Member, SignIn
from tests.browser.inspection import Inspection
from tests.browser.reader import DESKTOP, PHONE, Reader
from tests.cast import GABI, SignedIn, newest_code, sign_in, within
from tests.desk.rooms import furnish, path_of
from tests.desk.test_let_in import is_read
from tests.drafts.desk import begin, copy_of, publish, save
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


def at_the_desk(who: SignedIn, url: str, browser: Browser, lang: str = "de") -> Reader:
    """The same session in a real browser."""
    reader = Reader(browser, url, DESKTOP, lang=lang)
    cookie = who.client.get_cookie("desk", path="/desk")
    assert cookie
    reader.context.add_cookies([{"name": "desk", "value": cookie.value, "url": f"{url}/desk"}])
    return reader


def test_every_room_is_accessible(who: SignedIn, paths: list[str], url: str, browser: Browser) -> None:
    reader = at_the_desk(who, url, browser)
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


SENTENCE = "Das Netz in Eimsbüttel ist seit Wochen weg, und die Hotline weiß von nichts."
LONG = "\n\n".join([*[f"{number}. {SENTENCE} {SENTENCE} {SENTENCE}" for number in range(40)], "Netz" * 120])
OTHER = LONG.replace("2. Das Netz", "2. Alles").replace("38. Das", "38. Jedes").replace("Netz" * 120, "n" * 480)


def test_pages_on_which_words_are_kept_are_accessible_with_many_of_them(
    app: Flask, mo: SignedIn, eda: SignedIn, url: str, browser: Browser
) -> None:
    reader = at_the_desk(eda, url, browser, "en")
    seen = list(kept := Inspection(reader, _kept(app, eda, mo, reader)))
    assert kept.complaints == []
    assert len(seen) == 8
    reader.close()


def _kept(app: Flask, eda: SignedIn, mo: SignedIn, reader: Reader) -> Iterator[str]:
    """Saved by two at once, changed by hand, sent too late, sent on by somebody who may not."""
    page, path = reader.page, begin(eda, "Das Netz im Dezember")
    reader.open(path)
    assert save(eda, path, body=OTHER, authors="Eda").status_code == 303
    yield send(reader, "saved by two")
    publish(eda, path)
    file = copy_of(app, path)
    file.write_text(file.read_text("utf-8").replace("5. Das", "5. Unser"), "utf-8")
    reader.open(f"{path}/disk")
    page.get_by_text("Bring both together").click()
    yield pictured(reader, "changed by hand")
    reader.open(path)
    within(app, lambda: db.session.execute(db.delete(SignIn)))
    yield send(reader, "session has ended")
    page.get_by_text("What you entered").click()
    yield pictured(reader, "what was entered")
    page.locator("[name=returning_email]").fill(mo.email)
    page.get_by_role("button", name="Send me a code").click()
    yield pictured(reader, "code asked for")
    for code, name in ("000000", "wrong code"), (newest_code(app, mo.email), "somebody else came in"):
        page.locator("[name=returning_code]").fill(code)
        page.get_by_role("button", name="Sign in and go on").click()
        yield pictured(reader, name)
    page.get_by_role("button", name="Send it again").click()
    yield pictured(reader, "refused with the words")
    assert page.locator("textarea").first.input_value() == LONG


def send(reader: Reader, name: str) -> str:
    reader.page.locator("[name=body]").fill(LONG)
    reader.page.get_by_role("button", name="Save", exact=True).click()
    return pictured(reader, name)


def pictured(reader: Reader, name: str) -> str:
    """For people to look at, too."""
    for device in (PHONE, DESKTOP):
        reader.turn(device, "light")
        reader.picture(f"kept, {name}, {device.name}", whole=False)
    return name
