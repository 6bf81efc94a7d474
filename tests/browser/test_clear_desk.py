"""One person clears the desk of the demo by keyboard; decisions wait for nobody, and everything can be undone."""

import os
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import select, update

from app import close_app, create_app
from app.comments.models import Comment, State
from app.config import Settings
from app.extensions import db
from tests.browser.clearing import clear_queue, clear_spam, open_spam, undo
from tests.browser.conftest import Seat
from tests.browser.desk import OWNER, sign_in
from tests.browser.inspection import Inspection
from tests.browser.reader import Device, Reader
from tests.server import Server

WIDE = Device("wide", 1440, 900)
ROWS = "[...document.querySelectorAll('[data-row]:not([aria-busy])')].map((row) => row.id)"


@pytest.fixture(scope="module")
def full_desk(loaded_demo: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo for us alone; of its spam a thousand are open, with LONG=1 all."""
    server = loaded_demo.copied(tmp_path_factory.mktemp("desk"))
    if "LONG" not in os.environ:
        _leave(server, 1_000)
    with server:
        yield server


def _leave(server: Server, count: int) -> None:
    app = create_app(Settings.load(server.environ))
    spam = select(Comment.id).where(Comment.state == State.SPAM).order_by(Comment.id)
    with app.app_context():
        others = db.session.scalars(spam.offset(count)).all()
        db.session.execute(update(Comment).where(Comment.id.in_(others)).values(is_decided=True))
        db.session.commit()
    close_app(app)


def test_the_queue_and_the_spam_folder_are_cleared_by_keyboard_and_put_back(full_desk: Server, seat: Seat) -> None:
    thea = seat(full_desk, WIDE)
    sign_in(thea, full_desk, OWNER)
    assert list(pages := Inspection(thea, looked_at(thea)))
    assert not pages.complaints
    is_kept_while_offline(thea)
    is_taken_back_in_turn(thea)
    says_what_could_not_be_fetched(thea)
    queue = clear_queue(thea, "aas")
    print(queue)
    assert not full_desk.rows("SELECT id FROM comment WHERE state = 'waiting'")
    thea.press("u")
    expect(thea.page.locator("[data-row]")).to_have_count(1)
    expect(thea.page.locator("[data-row]")).to_be_focused()
    before = open_spam(full_desk)
    cleared = clear_spam(thea, full_desk)
    print(cleared)
    assert (cleared.comments, open_spam(full_desk)) == (before, 0)
    assert cleared.seconds < 120
    print(back := undo(thea, full_desk))
    assert (back.comments, open_spam(full_desk)) == (before, before)


def looked_at(thea: Reader) -> Iterator[str]:
    page = thea.open("/desk/comments")
    thea.press("j")
    expect(page.locator("[data-pane] h2").first).to_be_visible()
    thea.picture("desk queue")
    thea.press("?")
    expect(page.locator("dialog.help")).to_be_visible()
    thea.picture("desk keys", whole=False)
    yield "keys, and the context beside the list"


def is_kept_while_offline(thea: Reader) -> None:
    """A decision that does not arrive leaves the comment where it was, and says why."""
    page = thea.open("/desk/comments")
    count = page.locator("[data-row]").count()

    page.route("**/decisions", cut_off)
    thea.press("j", "s")
    expect(page.locator("[data-row] .fault")).to_contain_text("keine Verbindung")
    expect(page.locator("[data-row]")).to_have_count(count)
    page.unroute("**/decisions", cut_off)
    thea.forgive("ERR_INTERNET_DISCONNECTED")


def is_taken_back_in_turn(thea: Reader) -> None:
    """The last decision is the next to be taken back, also while it is on its way, or where that did not arrive."""
    page = thea.open("/desk/comments")
    all_of_them = page.evaluate(ROWS)
    count, later = page.locator("[data-total]").inner_text(), list[Route]()
    thea.press("j", "s")
    expect(page.locator(f"#{all_of_them[0]}")).to_have_count(0)
    page.route("**/decisions", partial(keep_first_and_cut_second, later))
    thea.press("s", "u")
    expect(page.locator(f"#{all_of_them[1]}[aria-busy]")).to_have_count(1)
    later[0].continue_()
    expect(page.locator("[data-said]")).to_contain_text("keine Verbindung")
    assert page.evaluate(ROWS) == all_of_them[2:]
    thea.press("u")
    expect(page.locator(f"#{all_of_them[1]}")).to_be_focused()
    thea.press("u")
    expect(page.locator(f"#{all_of_them[0]}")).to_be_focused()
    assert page.evaluate(ROWS) == all_of_them, "in the order of the lane"
    assert page.locator("[data-total]").inner_text() == count
    thea.forgive("ERR_INTERNET_DISCONNECTED")


def says_what_could_not_be_fetched(thea: Reader) -> None:
    """A list that has run empty because the next page did not come is none on which nothing waits."""
    page = thea.open("/desk/comments")

    def break_down(route: Route) -> None:
        route.fulfill(status=500, body="")

    page.evaluate("[...document.querySelectorAll('[data-row]')].slice(1).forEach((row) => row.remove())")
    page.route("**/desk/comments", break_down)
    thea.press("j", "s")
    expect(page.locator("[data-live] .empty")).to_contain_text("ließen sich nicht laden")
    page.unroute("**/desk/comments", break_down)
    thea.press("u")
    expect(page.locator("[data-row]")).to_be_focused()
    thea.forgive("500")


def keep_first_and_cut_second(came: list[Route], route: Route) -> None:
    came.append(route)
    if len(came) > 1:
        cut_off(route) if len(came) == 2 else route.continue_()


def cut_off(route: Route) -> None:
    route.abort("internetdisconnected")
