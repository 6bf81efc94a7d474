"""Posts on their way, as their writers have them."""

from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from app.drafts.models import Draft, DraftRevision
from app.extensions import db
from tests.cast import SignedIn, within
from tests.page import Page, Pages


def where(answer: TestResponse) -> str:
    """The path that an answer leads to."""
    return (answer.location or "").partition("?")[0]


def begin(who: SignedIn, title: str = "Das Netz im Dezember") -> str:
    """A new post; answers the path of its page."""
    form = who.page("/desk/drafts/new?lang=en").form("title")
    answer = who.client.post(form.action, data=form.filled(title=title))
    assert answer.status_code == 303, answer.text
    return where(answer)


def open_file(who: SignedIn, slug: str) -> str:
    """A post of the shelf, opened; answers the path of its page."""
    answer = who.post("/desk/drafts/files", {"slug": slug})
    assert answer.status_code == 303, answer.text
    return where(answer)


def save(who: SignedIn, path: str, **values: object) -> TestResponse:
    form = who.page(f"{path}?lang=en").form("body")
    return who.client.post(form.action, data=form.filled(**values))


def publish(who: SignedIn, path: str, when: str = "now", **values: object) -> TestResponse:
    form = who.page(f"{path}/publication?lang=en").form("when")
    return who.client.post(form.action, data=form.filled(when=when, **values))


def review(path: str) -> str:
    """Where editors see a guest's draft."""
    return path.replace("/desk/drafts/", "/desk/handed-in/")


def draft_of(app: Flask, path: str) -> Draft:
    """The draft of a page, with its row as it is now."""

    def work() -> Draft:
        found = Draft.by_slug(path.rpartition("/")[2])
        assert found, path
        return found

    return within(app, work)


def revisions(app: Flask, path: str) -> list[DraftRevision]:
    """Oldest first."""
    id_ = draft_of(app, path).id
    return within(app, lambda: DraftRevision.all_of(id_, 100)[::-1])


def says(app: Flask, path: str) -> str:
    """The source that it says now."""
    return within(app, lambda: db.session.get_one(Draft, draft_of(app, path).id).now_says().source)


def copy_of(app: Flask, path: str) -> Path:
    """Where its file is, or would be."""
    return Path(app.extensions["settings"].instance) / "posts" / draft_of(app, path).file_name


def page_of(who: SignedIn, answer: TestResponse, path: str) -> Page:
    return Pages(who.client).read(answer, path, answer.status_code)


def hand_in(who: SignedIn, path: str, **values: object) -> TestResponse:
    """Sign off what it says; handed in with the last signature that is needed."""
    form = who.page(f"{path}/signing?lang=en").form("signatures")
    return who.client.post(form.action, data=form.filled(**values))


def release(who: SignedIn, path: str, when: str = "now", **values: object) -> TestResponse:
    """An editor's release of what was handed in."""
    seen = draft_of(who.app, path).current
    return who.post(f"{review(path)}/releases", {"revision": seen, "when": when, **values})
