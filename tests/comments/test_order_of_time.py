"""A thread is read by when its comments were written, whatever their numbers: what was brought in has later ones."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.comments.models import PER_PAGE, Comment, State, thread
from app.comments.models.lane import around
from app.comments.views import address
from app.extensions import db
from tests.cast import make_comment, make_guest, within
from tests.comments.moving.files import agrees, bring_in, comment, wordpress
from tests.comments.test_read_thread import POST, fill, ids, queries
from tests.page import Page, Pages

BEGAN = datetime(2011, 11, 1, tzinfo=UTC)


def write_at(app: Flask, hours: dict[int, int]) -> None:
    """Have these comments been written so many hours after the beginning."""

    def work() -> None:
        for id_, hour in hours.items():
            at = BEGAN + timedelta(hours=hour)
            db.session.execute(update(Comment).where(Comment.id == id_).values(written_at=at, published_at=at))

    within(app, work)


def turned(app: Flask, count: int) -> list[int]:
    """So many comments, the one with the last number written first; in the order in which they are read."""
    made = fill(app, count)
    write_at(app, {id_: count - place for place, id_ in enumerate(made)})
    return made[::-1]


def page_of(app: Flask, id_: int) -> int:
    return within(app, lambda: thread.page_of(db.session.get_one(Comment, id_)))


def ways(page: Page) -> list[str]:
    """Where the links “Next answer” lead, in their order."""
    return [one["href"] for one in page.root.all("a") if "data-next" in one.attributes]


def test_what_is_moved_in_stands_where_it_was_written(on_each: Flask, pages: Pages, tmp_path: Path) -> None:
    here = make_comment(on_each, text="Von heute.").id
    said = comment(1, "Eins"), comment(3, "Drei"), comment(2, "Zwei"), comment(4, "Darunter", parent=1)
    bring_in(on_each, wordpress(tmp_path, *said))
    by_text = within(on_each, lambda: {one.text: one.id for one in db.session.scalars(select(Comment))})
    read = [*(by_text[word] for word in ("Eins", "Darunter", "Zwei", "Drei")), here]
    for way in (POST, f"{POST}?page=all"):
        assert ids(pages.open(way)) == read
    assert agrees(on_each)


def test_feeds_and_the_newest_go_by_when_readers_could_see_them(on_each: Flask, pages: Pages, tmp_path: Path) -> None:
    here = make_comment(on_each, text="Von heute.").id
    bring_in(on_each, wordpress(tmp_path, comment(2, "Zwei"), comment(1, "Eins"), comment(3, "Drei", approved="0")))
    by_text = within(on_each, lambda: {one.text: one.id for one in db.session.scalars(select(Comment))})
    within(on_each, lambda: db.session.get_one(Comment, by_text["Drei"]).decide(State.PUBLISHED, seen=State.WAITING))
    read = [by_text["Drei"], here, by_text["Zwei"], by_text["Eins"]]
    assert ids(pages.open(f"{POST}?filter=newest")) == read
    feed = on_each.test_client().get(f"{POST}/comments.atom").text
    assert [int(one) for one in re.findall(r"<id>[^<]*/comments/(\d+)</id>", feed)] == read
    assert ids(pages.open(POST)) == [by_text["Eins"], by_text["Zwei"], by_text["Drei"], here]


def test_each_page_goes_on_where_the_one_before_ends(on_each: Flask, pages: Pages) -> None:
    read = turned(on_each, PER_PAGE * 3 + 7)  # pages that are counted from the beginning, and from the end
    assert [ids(pages.open(f"{POST}?page={page}")) for page in (1, 2, 3, 4)] == [
        read[start : start + PER_PAGE] for start in range(0, len(read), PER_PAGE)
    ]
    assert ids(pages.open(f"{POST}?page=all")) == read


def test_of_one_moment_they_stand_by_their_numbers(on_each: Flask, pages: Pages) -> None:
    made = fill(on_each, PER_PAGE + 5)
    write_at(on_each, dict.fromkeys(made, 3))
    assert ids(pages.open(POST)) + ids(pages.open(f"{POST}?page=2")) == made
    assert [page_of(on_each, id_) for id_ in (made[0], made[PER_PAGE - 1], made[PER_PAGE], made[-1])] == [1, 1, 2, 2]


def test_a_permalink_leads_to_the_page_of_its_time(on_each: Flask, pages: Pages) -> None:
    read = turned(on_each, PER_PAGE * 2 + 2)
    reply = fill(on_each, 1, parent=read[PER_PAGE])[0]
    write_at(on_each, {reply: 9999})
    for id_ in (read[0], read[PER_PAGE - 1], read[PER_PAGE], reply, read[-1]):
        with on_each.test_request_context():
            path, _, anchor = address(db.session.get_one(Comment, id_)).partition("#")
        assert pages.open(path).by_id(anchor)
    new = make_comment(on_each).id
    assert page_of(on_each, new) == 3


def test_answers_stand_below_in_their_order_and_none_is_lost_that_is_older_than_its_question(
    on_each: Flask, pages: Pages
) -> None:
    asked, other = fill(on_each, 2)
    first, second, early = fill(on_each, 3, parent=asked)
    write_at(on_each, {asked: 5, other: 2, first: 8, second: 7, early: 1})
    for way in (POST, f"{POST}?page=all"):
        assert ids(pages.open(way)) == [other, asked, early, second, first]


def test_the_way_to_the_next_official_answer_goes_as_readers_do(on_each: Flask, pages: Pages) -> None:
    read, guest = turned(on_each, PER_PAGE + 3), make_guest(on_each)

    def answer(above: int) -> int:
        parent = within(on_each, lambda: db.session.get_one(Comment, above))
        return make_comment(on_each, by=guest, parent=parent).id

    last, second, first = answer(read[PER_PAGE + 1]), answer(read[PER_PAGE - 2]), answer(read[4])
    later = answer(read[PER_PAGE + 2])
    assert ways(pages.open(POST)) == [f"#c-{first}", f"#c-{second}", f"{POST}/comments/{last}"]
    assert ways(pages.open(f"{POST}?page=2")) == [f"#c-{last}", f"#c-{later}"]
    assert ids(pages.open(f"{POST}?filter=official"))[1::2] == [last, second, first, later]


def test_the_desk_shows_what_stands_around_by_its_time(on_each: Flask) -> None:
    asked = fill(on_each, 1)[0]
    replies = fill(on_each, 3, parent=asked)
    write_at(on_each, {asked: 1, replies[0]: 4, replies[1]: 2, replies[2]: 3})
    with on_each.app_context():
        near = [one.id for one in around(db.session.get_one(Comment, replies[2]))]
    assert near == [replies[1], replies[0]]


@pytest.mark.parametrize("page", [1, 2])
def test_a_page_asks_as_much_whatever_was_written_when(app: Flask, pages: Pages, page: int) -> None:
    fill(app, PER_PAGE + 5)
    with queries(app) as before:
        pages.open(f"{POST}?page={page}")
    write_at(app, {id_: 1000 - id_ for id_ in range(1, PER_PAGE + 6)})
    with queries(app) as after:
        pages.open(f"{POST}?page={page}")
    assert len(before) == len(after)
