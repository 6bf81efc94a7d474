"""Whatever changes, the next reader is shown it: what is kept is always what the app would say now."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import close_app, create_app
from app.cache import middleware, versions
from app.comments.models import Comment, State
from app.extensions import db
from app.kit import clock
from app.ledger.models import Checkpoint, Reason
from app.people.models import Decision, Member, Organisation
from app.promises.models import Event, Promise, Tally
from app.reports.models import Report
from tests.cache.asking import cache_of, fresh, shown
from tests.cast import make_comment, make_editor, make_guest, make_post, read_posts, within
from tests.conftest import At
from tests.figures.telling import publish_on, tell
from tests.promises.told import make_event
from tests.server import eventually
from tests.web.street import addresses, furnish, is_public, make_handover

WORDS_ONLY = {
    "site.house_rules",
    "site.imprint",
    "site.privacy",
    "site.accessibility",
    "figures.thanks",
    "promises.thanks",
    "posts.robots",
}
Deed = Callable[[Flask, Path], object]


def _comment(app: Flask, _: Path) -> object:
    return make_comment(app, "netz", name="Berta")


def _approve(app: Flask, _: Path) -> None:
    waiting = make_comment(app, "netz", name="Carla", state=State.WAITING)
    within(app, lambda: db.session.get_one(Comment, waiting.id).decide(State.PUBLISHED, seen=State.WAITING))


def _last_comment() -> Comment:
    return db.session.query(Comment).filter_by(state=State.PUBLISHED, post_slug="netz").order_by(Comment.id.desc())[0]


def _remove(app: Flask, _: Path) -> None:
    within(app, lambda: _last_comment().decide(State.REMOVED, seen=State.PUBLISHED, reason="Beleidigung"))


def _redact(app: Flask, _: Path) -> None:
    def work() -> None:
        _last_comment().decide(State.PUBLISHED, seen=State.PUBLISHED, is_redacted=True)

    make_comment(app, "netz", text="Ruft mich an: 0171 2345678, ich bin Dora.", name="Dora")
    within(app, work)


def _answer(app: Flask, _: Path) -> object:
    return make_comment(app, "netz", text="Wir sehen nach.", by=within(app, _guest))


def _guest() -> Member:
    return db.session.query(Member).filter_by(first_name="Gabi").one()


def _rename_organisation(app: Flask, _: Path) -> None:
    def work() -> None:
        found = Organisation.of("o2")
        assert found
        found.name = "O2 Germany"

    within(app, work)


def _count(app: Flask, _: Path) -> object:
    return within(app, lambda: tell(1, "Hamburg", text="Es geht nichts."))


def _uncount(app: Flask, _: Path) -> None:
    within(app, lambda: db.session.query(Report).order_by(Report.id.desc())[0].uncount(Reason.SPAM))


def _release(app: Flask, _: Path) -> None:
    def work() -> None:
        told = db.session.query(Report).filter(Report.text != "", Report.state == "counted").first()
        assert told
        told.decide_text("released")  # type: ignore[arg-type]  # as its button says it

    within(app, work)


def _figures(app: Flask, _: Path) -> None:
    within(app, lambda: tell(30, "Hamburg"))
    within(app, lambda: publish_on(20))


def _checkpoint(app: Flask, _: Path) -> object:
    return within(app, Checkpoint.make)


def _claim(app: Flask, _: Path) -> None:
    editor = within(app, lambda: db.session.query(Member).filter_by(first_name="Eda").one())
    promise = within(app, lambda: db.session.query(Promise).first())
    assert promise
    make_event(app, promise, editor)


def _tally(app: Flask, _: Path) -> None:
    def work() -> None:
        claim = db.session.query(Event).first()
        assert claim
        Tally.make(claim.promise_id, claim.id, claim.said_on, 20, 30, last=None)

    within(app, work)


def _hand_over(app: Flask, _: Path) -> None:
    make_handover(app)


def _decide(app: Flask, _: Path) -> None:
    def work() -> None:
        Decision.record("comment-approve", "comment:1", by=db.session.query(Member).filter_by(first_name="Eda").one())

    within(app, work)


def _write_post(app: Flask, folder: Path) -> None:
    make_post(folder, "neu", "Ein neuer Text.", tags="[Netz]", authors="[Ria]")
    read_posts(app)


def _change_post(app: Flask, folder: Path) -> None:
    make_post(folder, "netz", "Ein anderer, längerer Text.\n\n[[counter]]", tags="[Netz]", authors="[Ria]")
    read_posts(app)


def _delete_post(app: Flask, folder: Path) -> None:
    (folder / "neu.md").unlink()
    read_posts(app)


DEEDS: tuple[Deed, ...] = (
    _comment, _approve, _remove, _redact, _answer, _rename_organisation, _count, _uncount, _release, _figures,
    _checkpoint, _claim, _tally, _hand_over, _decide, _write_post, _change_post, _delete_post,
)  # fmt: skip
CHANGES_NOTHING = {_decide}  # that a public page shows; its table is read by pages of handovers only


@pytest.fixture
def street(on_each: Flask) -> list[str]:
    """A public address of every kind; of pages that only their own words are on, one."""
    make_guest(on_each)
    make_editor(on_each)
    found = addresses(on_each, furnish(on_each, on_each.test_client()))
    public = [found[endpoint] for endpoint in found.keys() - WORDS_ONLY if is_public(endpoint)]
    return [*public, "/?lang=en", "/posts/lage"]


@pytest.fixture
def neighbour(on_each: Flask) -> Iterator[Flask]:
    """Another host with the same database and the same folders; nobody tells it what happens in this process."""
    app = create_app(on_each.extensions["settings"])
    app.testing = True
    versions._ALL.discard(cache_of(app).versions)
    yield app
    close_app(app)


def _differ(app: Flask, street: Iterable[str]) -> list[str]:
    return [address for address in street if shown(app, address) != fresh(app, address)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_page_shows_every_deed_to_the_next_reader(
    on_each: Flask, posts: Path, street: list[str], at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(0)  # so that nothing changes but by what is done
    monkeypatch.setattr(middleware, "REST", 0)  # of pages that change all the time, test_rest.py
    assert not _differ(on_each, street)
    for deed in DEEDS:
        before = {address: shown(on_each, address) for address in street}
        deed(on_each, posts)
        assert not _differ(on_each, street), f"after {deed.__name__} an older page is shown"
        changed = any(shown(on_each, address) != before[address] for address in street)
        assert changed or deed in CHANGES_NOTHING, f"{deed.__name__} changes no page, so this test says nothing of it"
    assert cache_of(on_each).counts.hits > len(street), "nothing was ever kept"


def test_another_host_shows_every_deed_soon(
    on_each: Flask, neighbour: Flask, posts: Path, street: list[str], at: At
) -> None:
    at(0)
    few = ("/", "/posts/netz", "/posts/", "/counter.json", "/places/hamburg", "/organisations/o2", "/ledger/checkpoint")
    assert set(few) <= set(street)
    for deed in DEEDS:
        deed(on_each, posts)
        eventually(lambda: not _differ(neighbour, few), f"another host shows {deed.__name__}")
    assert cache_of(neighbour).counts.hits > len(DEEDS), "nothing was ever kept"


def test_a_post_of_the_future_opens_by_itself(app: Flask, posts: Path, at: At) -> None:
    at(0)
    make_post(posts, "morgen", "Bald.", date=(clock.now() + timedelta(minutes=10)).isoformat())
    read_posts(app)
    for minutes in (0, 9.5, 9.9):  # kept for a minute, were it not for the post
        at(minutes)
        assert b"/posts/morgen" not in shown(app, "/posts/")
        assert b"/posts/morgen" not in shown(app, "/feed.atom")
    at(10.01)
    assert b"/posts/morgen" in shown(app, "/posts/")
    assert b"/posts/morgen" in shown(app, "/feed.atom")
