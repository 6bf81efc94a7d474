"""The thread under a post: pages of 50, replies below, stubs where something was removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.comments.models import PER_PAGE, Comment, Fragment, State, ThreadSize, thread
from app.comments.views import address
from app.extensions import db
from app.kit import tokens
from tests.cache.asking import forget, remember
from tests.cast import TEXT, make_comment, make_guest, within
from tests.page import Page, Pages

POST = "/posts/netz"


def fill(app: Flask, count: int, parent: int | None = None) -> list[int]:
    """Many published comments at once."""

    def work() -> list[Comment]:
        above = db.session.get(Comment, parent) if parent else None
        made = []
        for number in range(count):
            comment = Comment.write("netz", "Lena", f"Nummer {number}", key=tokens.new_key(), parent=above)
            comment.state, comment.published_at = State.PUBLISHED, comment.written_at
            made.append(comment)
        db.session.flush()
        Fragment.renew(made)
        ThreadSize.recount()
        return made

    return [comment.id for comment in within(app, work)]


def ids(page: Page) -> list[int]:
    return [int(e["id"][2:]) for e in page.root.all("article") if e.get("id").startswith("c-")]


def canonical(page: Page) -> str:
    return next(e["href"] for e in page.root.all("link") if e.get("rel") == "canonical")


@contextmanager
def queries(app: Flask) -> Iterator[list[str]]:
    """What was asked of the database for what is made from nothing, transaction control left out.

    What is asked because a second is over, whether there is a surge, is no question of the page either.
    """
    forget(app)
    remember(app)
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM surge" not in statement and not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_comments_stand_in_the_order_in_which_they_were_written(app: Flask, pages: Pages) -> None:
    made = fill(app, 3)
    assert ids(pages.open(POST)) == made


def test_a_page_holds_fifty_comments(app: Flask, pages: Pages) -> None:
    made = fill(app, PER_PAGE + 1)
    assert ids(pages.open(POST)) == made[:PER_PAGE]
    assert ids(pages.open(f"{POST}?page=2")) == made[PER_PAGE:]


def test_fifty_comments_are_one_page(app: Flask, pages: Pages) -> None:
    fill(app, PER_PAGE)
    assert not pages.open(POST).with_class("pages")
    pages.open(f"{POST}?page=2", 404)


def test_replies_stand_with_what_they_answer_and_fill_no_page(app: Flask, pages: Pages) -> None:
    made = fill(app, PER_PAGE)
    replies = fill(app, 3, parent=made[0])
    assert ids(pages.open(POST)) == [made[0], *replies, *made[1:]]
    pages.open(f"{POST}?page=2", 404)


@pytest.mark.parametrize("page", ["0", "-1", "3", "99999999999999999999"])
def test_a_page_beyond_the_thread_is_not_found(app: Flask, pages: Pages, page: str) -> None:
    fill(app, PER_PAGE + 1)
    pages.open(f"{POST}?page={page}", 404)


def test_a_permalink_leads_to_the_page_on_which_the_comment_stands(app: Flask, pages: Pages) -> None:
    made = fill(app, PER_PAGE + 2)
    reply = fill(app, 1, parent=made[-1])[0]
    for id_ in (made[0], made[PER_PAGE - 1], made[PER_PAGE], reply):
        with app.test_request_context():
            link = address(db.session.get_one(Comment, id_))
        path, _, anchor = link.partition("#")
        assert anchor == f"c-{id_}"
        assert pages.open(path).by_id(anchor)


def test_all_comments_stand_on_one_page_where_that_is_asked_for(app: Flask, pages: Pages) -> None:
    made = fill(app, PER_PAGE + 2)
    reply = fill(app, 1, parent=made[0])[0]
    page = pages.open(f"{POST}?page=all")
    assert ids(page) == [made[0], reply, *made[1:]]
    assert canonical(page).endswith(f"{POST}?page=all")
    assert f"{POST}?page=all#comments" in pages.open(POST).links.values()
    assert f"{POST}?page=2#comments" in page.links.values()


def test_a_thread_of_one_page_is_the_page_with_all(app: Flask, pages: Pages) -> None:
    made = fill(app, 2)
    page = pages.open(f"{POST}?page=all&lang=en")
    assert ids(page) == made
    assert canonical(page).endswith(f"{POST}?lang=en")
    assert "All on one page" not in page.text


def test_a_thread_too_long_for_one_page_shows_its_first_page_and_says_so(
    app: Flask, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread, "MOST_ON_ONE", PER_PAGE)
    made = fill(app, PER_PAGE + 1)
    page = pages.open(f"{POST}?page=all&lang=en")
    assert ids(page) == made[:PER_PAGE]
    assert "too many comments for one page" in page.text
    assert canonical(page).endswith(f"{POST}?lang=en")
    assert not any("page=all" in link for link in pages.open(f"{POST}?lang=en").links.values())


def test_permalinks_count_what_readers_see(app: Flask, pages: Pages) -> None:
    """Spam and waiting comments before it do not move a comment to a later page."""
    for _ in range(3):
        make_comment(app, state=State.SPAM)
        make_comment(app, state=State.WAITING)
    made = fill(app, PER_PAGE)
    with app.test_request_context():
        assert "page" not in address(db.session.get_one(Comment, made[-1]))
    assert ids(pages.open(POST)) == made


def test_an_answer_to_an_answer_says_whom_it_answers(app: Flask, pages: Pages) -> None:
    top = make_comment(app, name="Sabine")
    reply = make_comment(app, name="Karl", parent=top)
    below = make_comment(app, name="Mia", parent=reply)
    page = pages.open(POST)
    (said,) = page.by_id(f"c-{below.id}").with_class("answers-to")
    assert "Karl" in said.text
    assert not page.by_id(f"c-{reply.id}").with_class("answers-to")


def test_a_removed_comment_leaves_a_stub_with_the_reason_and_nothing_else(app: Flask, pages: Pages) -> None:
    made = make_comment(app, name="Lena Unverwechselbar")
    reply = make_comment(app, parent=made, text="Darauf geantwortet.")
    within(
        app,
        lambda: db.session.get_one(Comment, made.id).decide(State.REMOVED, seen=State.PUBLISHED, reason="Beleidigung"),
    )
    page = pages.open(POST)
    stub = page.by_id(f"c-{made.id}")
    assert "Beleidigung" in stub.text
    assert "Unverwechselbar" not in page.html
    assert TEXT not in page.html
    assert "Darauf geantwortet." in page.by_id(f"c-{reply.id}").text


@pytest.mark.parametrize("state", [State.WAITING, State.SPAM, State.REMOVED])
def test_what_was_never_public_leaves_nothing(app: Flask, pages: Pages, state: State) -> None:
    make_comment(app, state=state, name="Lena Unverwechselbar")
    page = pages.open(POST)
    assert ids(page) == []
    assert "Unverwechselbar" not in page.html


def _move(id_: int) -> None:
    db.session.get_one(Comment, id_).decide(State.SPAM, seen=State.PUBLISHED)


def test_an_answer_to_an_answer_stays_where_what_is_above_it_went(app: Flask, pages: Pages) -> None:
    top = make_comment(app)
    middle = make_comment(app, parent=top)
    low = make_comment(app, parent=middle, text="Immer noch da.")
    for gone in (top, middle):
        within(app, partial(_move, gone.id))
    page = pages.open(POST)
    assert low.id in ids(page)
    assert "Immer noch da." in page.text


def test_spam_that_was_public_leaves_nothing_unless_it_was_answered(app: Flask, pages: Pages) -> None:
    alone, answered = make_comment(app, text="Werbung eins"), make_comment(app, text="Werbung zwei")
    reply = make_comment(app, parent=answered)
    for made in (alone, answered):
        within(app, lambda id_=made.id: db.session.get_one(Comment, id_).decide(State.SPAM, seen=State.PUBLISHED))  # type: ignore[misc]
    page = pages.open(POST)
    assert ids(page) == [answered.id, reply.id]
    assert "Werbung" not in page.html


def test_the_line_above_counts_comments_and_official_answers(app: Flask, pages: Pages) -> None:
    first = make_comment(app)
    make_comment(app, by=make_guest(app), parent=first)
    make_comment(app, state=State.WAITING)
    line = next(e for e in pages.open(f"{POST}?lang=en").root.all("section") if e.get("id") == "comments")
    assert "2 comments · 1 answer by O2" in line.text


def test_the_page_asks_the_database_the_same_few_questions_for_1_3_and_60_comments(app: Flask, pages: Pages) -> None:
    asked = []
    for more in (1, 2, 57):
        made = fill(app, more)
        fill(app, 2, parent=made[0])
        make_comment(app, by=make_guest(app) if more == 1 else None, parent=None)
        with queries(app) as found:
            pages.open(POST)
        asked.append(len(found))
    assert len(set(asked)) == 1, asked
    assert asked[0] <= 6


def test_the_page_is_the_same_bytes_for_everyone_and_asked_for_again_by_304(app: Flask, client: FlaskClient) -> None:
    make_comment(app, email="lena@reader.example")
    first, second = client.get(POST), app.test_client().get(POST, headers={"Cookie": "desk=x", "User-Agent": "y"})
    assert first.data == second.data
    assert "Set-Cookie" not in first.headers
    again = client.get(POST, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    make_comment(app)
    assert client.get(POST, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_comments_of_other_posts_are_not_shown(app: Flask, pages: Pages) -> None:
    make_comment(app, "anderswo", text="Woanders gesagt.")
    assert ids(pages.open(POST)) == []
