"""Promises and what became of them, as tests need them."""

from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask

from app.extensions import db
from app.people.models import Member
from app.posts.post import Post
from app.posts.shelf import shelf
from app.promises.models import Event, Kind, Promise
from tests.cast import make_post, read_posts, within

SENTENCE = "Wir erweitern das Netz in den nächsten Monaten."
BODY = f"""Sehr geehrte Kundinnen und Kunden,

wir haben verstanden. {SENTENCE} Das kostet z. B. in Berlin viel Geld.

| Maßnahme | Zeitraum |
|---|---|
| Austausch älterer Technik | noch im Laufe dieses Jahres |
"""
MADE_ON = date(2011, 11, 29)
SOURCE = "https://news.example/o2"


def make_guest_post(app: Flask, folder: Path, slug: str = "lage", **front: str) -> str:
    """A post of the carrier, with a promise in it."""
    front = {"kind": "guest", "organisation": "o2", "date": "2011-11-29T10:00:00+01:00", "authors": "[Gregor]"} | front
    make_post(folder, slug, BODY, **front)
    read_posts(app)
    return slug


def post_of(slug: str) -> Post:
    found = shelf().find(slug)
    assert found, f"there is no post {slug}"
    return found


def make_promise(app: Flask, by: Member, slug: str = "lage", sentence: str = SENTENCE, **facts: Any) -> Promise:
    """A marked sentence of a post that is on the shelf."""

    def work() -> Promise:
        said: dict[str, Any] = {"kind": Kind.CAPACITY} | facts
        return Promise.mark(post_of(slug), sentence, by=by, **said)

    return within(app, work)


def make_event(
    app: Flask, promise: Promise, by: Member, verb: str = "claim", said_on: date = MADE_ON, **facts: Any
) -> Event:
    """What became of it."""

    def work() -> Event:
        here = db.session.get_one(Promise, promise.id)
        said: dict[str, Any] = {"by": by}
        if verb != "take_back":
            said |= {"words": "Das ist erledigt."}
        if verb not in {"reply", "take_back"}:
            said |= {"said_on": said_on, "source": SOURCE}
        said |= facts
        made: Event = getattr(here, verb)(**said)
        return made

    return within(app, work)
