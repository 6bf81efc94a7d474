"""A page that is made anew takes from memory what has not changed; what has, it never does."""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, Response
from sqlalchemy import event, text

from app.cache import middleware
from app.cache.noting import use_at_most
from app.cache.parts import BUDGET, MOST
from app.cache.statements import parsed
from app.comments.models import PER_PAGE, Comment, State
from app.extensions import db
from app.kit import clock
from app.ledger import models as ledger
from app.people.models import Organisation
from app.web import headers
from app.web.parts import kept
from tests.cache.asking import cache_of, forget, fresh, shown
from tests.cast import make_comment, make_editor, make_organisation, within
from tests.conftest import At
from tests.figures.telling import tell
from tests.promises.told import make_guest_post, make_promise

PAGES = ("/posts/lage", "/posts/lage?lang=en")
HOMES = ("/", "/?lang=en")
AT_NIGHT = datetime(2026, 3, 31, 21, 59, 50, tzinfo=UTC)  # ten seconds before midnight in Berlin


@pytest.fixture
def site(app: Flask, posts: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A guest post with a promise and a comment; its page is made anew as often as something changes."""
    monkeypatch.setattr(middleware, "REST", 0)
    make_organisation(app, "o2", "O2", ("o2.example",))
    make_guest_post(app, posts)
    make_promise(app, make_editor(app), due_words="bis März", due_on=clock.today().replace(2026, 3, 31))
    for address in ("/", "/posts/lage"):  # before that nobody knows that they are everyone's
        shown(app, address)
    make_comment(app, "lage", name="Anna")
    return app


@pytest.fixture
def asked(app: Flask) -> Iterator[set[str]]:
    """The tables that are asked for meanwhile."""
    found: set[str] = set()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.update(parsed(statement).reads)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def _count(app: Flask, times: int = 1) -> None:
    within(app, lambda: tell(times, "Hamburg"))


def _remove(app: Flask) -> None:
    def work() -> None:
        last = db.session.query(Comment).filter_by(name="Anna").one()
        last.decide(State.REMOVED, seen=State.PUBLISHED, reason="Beleidigung")

    within(app, work)


def _rename(app: Flask) -> None:
    def work() -> None:
        found = Organisation.of("o2")
        assert found
        found.name = "O2 Germany"

    within(app, work)


def _trial(app: Flask, page: Callable[[], str]) -> None:
    app.add_url_rule("/trial", "trial", lambda: headers.public(page()))


@pytest.mark.parametrize("address", [*PAGES, *HOMES])
def test_a_page_made_anew_for_the_counter_asks_for_nothing_but_the_counter(
    site: Flask, asked: set[str], address: str
) -> None:
    before = shown(site, address)
    _count(site)
    asked.clear()
    assert shown(site, address) != before
    assert asked == {"ledger_head"}


@pytest.mark.parametrize(
    ("deed", "word", "pages"),
    [
        (lambda app: make_comment(app, "lage", name="Berta"), b"Berta", PAGES),
        (_remove, b"Beleidigung", PAGES),
        (_rename, b"O2 Germany", PAGES),
        (lambda app: within(app, ledger.Checkpoint.make), b'class="checkpoint"', (*PAGES, *HOMES)),
        (lambda app: _count(app, 3), b'value="3"', (*PAGES, *HOMES)),
    ],
)
def test_what_changes_is_in_the_next_page_of_each_language(
    site: Flask, deed: Callable[[Flask], object], word: bytes, pages: tuple[str, ...]
) -> None:
    for address in pages:
        assert word not in shown(site, address)
    deed(site)
    for address in pages:
        assert word in shown(site, address)
        assert shown(site, address) == fresh(site, address)


def test_the_first_comment_is_shown_where_there_was_none(site: Flask) -> None:
    make_guest_post(site, site.extensions["settings"].posts, "neu")
    assert b"Erna" not in shown(site, "/posts/neu")
    make_comment(site, "neu", name="Erna")
    assert b"Erna" in shown(site, "/posts/neu")


def test_each_language_has_parts_of_its_own(site: Flask) -> None:
    german, english = shown(site, PAGES[0]), shown(site, PAGES[1])
    assert b"Kommentare" in german
    assert b"Kommentare" not in english
    _count(site)
    assert shown(site, PAGES[1]) == fresh(site, PAGES[1])
    assert shown(site, PAGES[0]) == fresh(site, PAGES[0])


@pytest.mark.parametrize("address", [*PAGES, *HOMES])
def test_a_page_of_parts_is_made_of_all_that_its_parts_are_made_of(site: Flask, address: str) -> None:
    def names() -> set[str]:
        shown(site, address)
        path, _, query = address.partition("?")
        return {name for name, _ in cache_of(site).store.entries[path, query].made.stamps}

    forget(site)
    from_nothing = names()
    _count(site)
    assert names() == from_nothing > {"ledger_head", "ledger_checkpoint"}


def test_a_promise_is_overdue_when_its_last_day_is_over(site: Flask, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT_NIGHT)
    before = shown(site, PAGES[0])
    assert b"is-open" in before
    monkeypatch.setattr(clock, "now", lambda: AT_NIGHT + timedelta(seconds=15))
    _count(site)  # the page is made anew, and what it is made of is younger than a minute
    assert b"is-overdue" in shown(site, PAGES[0])


def test_what_a_page_has_made_that_nobody_may_keep_is_in_no_other_page(app: Flask) -> None:
    def page(kind: str) -> Response:
        said = kept("trial", make=lambda: kind)
        return headers.public(said) if kind == "public" else Response(said)

    app.add_url_rule("/trial/<kind>", "trial", page)
    assert shown(app, "/trial/public") == b"public"
    forget(app)
    assert shown(app, "/trial/private") == b"private"
    assert shown(app, "/trial/public") == b"public"


def test_a_part_that_says_how_long_it_may_be_used_says_so_of_its_page_and_is_made_each_time(app: Flask, at: At) -> None:
    made: list[int] = []

    def inner() -> str:
        use_at_most(1)
        made.append(1)
        return str(len(made))

    _trial(app, lambda: kept("outer", make=lambda: kept("inner", make=inner)))
    for minutes, number in ((0, b"1"), (0.1, b"2"), (0.2, b"3")):
        at(minutes)
        assert shown(app, "/trial") == shown(app, "/trial") == number


def test_a_part_of_a_part_changes_both(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def comments() -> str:
        return str(db.session.scalar(text("SELECT count(*) FROM comment")))

    def page() -> str:
        return f"{ledger.counter()} {kept('outer', make=lambda: kept('inner', make=comments))}"

    monkeypatch.setattr(middleware, "REST", 0)
    _trial(app, page)
    for number in range(3):
        assert shown(app, "/trial") == f"{number} {number}".encode()
        _count(app)
        assert shown(app, "/trial") == f"{number + 1} {number}".encode()
        make_comment(app, "netz", name="Anna")


def test_the_budget_of_parts_holds_and_the_oldest_go_first(app: Flask) -> None:
    megabyte = 1024**2

    def page(number: int) -> Response:
        return headers.public(kept("trial", number, make=lambda: "x" * megabyte))

    app.add_url_rule("/trial/<int:number>", "trial", page)
    parts = cache_of(app).parts
    for number in range(2 * BUDGET // megabyte):
        shown(app, f"/trial/{number}")
        assert parts.size <= BUDGET
    left = [key[-1] for key in parts._parts if isinstance(key, tuple) and key[0] == "trial"]
    assert left == list(range(left[0], number + 1))
    assert left[0] > 0


def test_one_part_that_is_too_large_does_not_push_out_the_others(app: Flask) -> None:
    def page(name: str) -> Response:
        return headers.public(kept("trial", name, make=lambda: "😀" * BUDGET if name == "large" else name))

    app.add_url_rule("/trial/<name>", "trial", page)
    for name in ("small", "large"):
        shown(app, f"/trial/{name}")
    assert [key[-1] for key in cache_of(app).parts._parts if isinstance(key, tuple) and key[0] == "trial"] == ["small"]


def _be_another_worker(app: Flask, patch: pytest.MonkeyPatch) -> None:
    """Nobody tells it of what is committed, and it is not yet time to look."""
    versions = cache_of(app).versions
    versions.catch_up()
    patch.setattr(versions, "call", lambda: None)
    patch.setattr(versions, "next_look", math.inf)


def test_who_is_led_to_his_comment_at_another_worker_finds_it(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(site, "/posts/lage")
    _be_another_worker(site, monkeypatch)
    made = make_comment(site, "lage", name="Lena")
    assert f'id="c-{made.id}"'.encode() in shown(site, f"/posts/lage?new={made.id}")
    assert f'id="c-{made.id}"'.encode() not in shown(site, "/posts/lage"), "here a moment late is early enough"


def test_a_page_that_has_just_begun_is_there_at_another_worker_too(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(PER_PAGE - 1):
        make_comment(site, "lage")
    shown(site, "/posts/lage")
    _be_another_worker(site, monkeypatch)
    made = make_comment(site, "lage", name="Lena")
    for address in (f"/posts/lage?page=2&new={made.id}", "/posts/lage?page=2"):
        found = site.test_client().get(address)
        assert found.status_code == 200
        assert f'id="c-{made.id}"' in found.text


def test_what_is_made_of_a_part_ends_with_it(app: Flask, at: At) -> None:
    def inner() -> str:
        return kept("inner", make=lambda: clock.now().isoformat())

    app.add_url_rule("/trial/<name>", "trial", lambda name: headers.public(kept("outer", name, make=inner)))
    began = shown(app, "/trial/first")
    at(MOST / 60 - 0.2)
    assert shown(app, "/trial/second") == began
    at(MOST / 60 + 0.2)
    assert shown(app, "/trial/second") != began


def test_a_page_for_one_reader_takes_from_memory_only_what_may_be_a_moment_old(site: Flask, asked: set[str]) -> None:
    within(site, ledger.Checkpoint.make)
    shown(site, HOMES[0])
    form = shown(site, "/reports/new")
    assert b'class="checkpoint"' in form
    asked.clear()
    assert b'class="checkpoint"' in shown(site, "/reports/new")
    assert asked == set()
    shown(site, "/posts/lage/comments/new")
    assert "ledger_head" in asked, "the number beside one's own is asked for"
