"""What readers find helpful: one mark a device, taken back, counted right; it sorts one list and touches no thread."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.comments.models import Comment, Helpful, Mark, State
from app.comments.models.helpful import faults
from app.extensions import db
from tests.cache.asking import counted, fresh, shown
from tests.cast import make_comment, within
from tests.comments.test_read_answers import remove
from tests.comments.test_read_thread import POST, ids, queries
from tests.page import Pages

HELPFUL = f"{POST}?filter=helpful"
ONE, TWO = "a" * 32, "b" * 32
JSON = {"Accept": "application/json"}


def mark(client: FlaskClient, comment: Comment, device: str = ONE, helpful: str = "yes") -> TestResponse:
    data = {"device": device, "helpful": helpful}
    return client.post(f"{POST}/comments/{comment.id}/helpful", data=data, headers=JSON)


def test_each_device_counts_once_and_takes_its_mark_back(app: Flask, client: FlaskClient) -> None:
    comment = make_comment(app)
    assert mark(client, comment).get_json() == {"helpful": True, "marks": 1}
    assert mark(client, comment).get_json() == {"helpful": True, "marks": 1}
    assert mark(client, comment, TWO).get_json() == {"helpful": True, "marks": 2}
    assert mark(client, comment, helpful="no").get_json() == {"helpful": False, "marks": 1}
    assert mark(client, comment, helpful="no").get_json() == {"helpful": False, "marks": 1}


def test_the_most_helpful_stand_first_and_those_that_nobody_marked_not_at_all(
    app: Flask, client: FlaskClient, pages: Pages
) -> None:
    less, more, none, back = (make_comment(app) for _ in range(4))
    for comment, devices in ((less, (ONE,)), (more, (ONE, TWO)), (back, (ONE,))):
        for device in devices:
            mark(client, comment, device)
    mark(client, back, helpful="no")
    page = pages.open(f"{HELPFUL}&lang=en")
    assert ids(page) == [more.id, less.id]
    assert none.id not in ids(page)
    assert "they prove nothing" in page.text
    assert "2 readers found this helpful" in page.text


def test_the_database_knows_no_device(app: Flask, client: FlaskClient) -> None:
    first, second = make_comment(app), make_comment(app)
    for comment in (first, second):
        mark(client, comment)
    known = within(app, lambda: list(db.session.scalars(db.select(Mark.device))))
    assert len(set(known)) == 2, "two marks of one device cannot be brought together"
    assert ONE not in known


@pytest.mark.parametrize("device", ["", "x" * 32, "A" * 32, "a" * 31, "a" * 33, "a" * 32 + "\n"])
def test_what_is_no_device_is_refused(app: Flask, client: FlaskClient, device: str) -> None:
    assert mark(client, make_comment(app), device).status_code == 400


def test_only_what_readers_see_can_be_marked(app: Flask, client: FlaskClient) -> None:
    gone, elsewhere = make_comment(app), make_comment(app, "anderswo")
    remove(app, gone)
    for comment in (gone, elsewhere, make_comment(app, state=State.WAITING)):
        assert mark(client, comment).status_code == 404
    assert client.get(f"{POST}/comments/{gone.id}/helpful").status_code == 405
    assert mark(client, make_comment(app), helpful="maybe").status_code == 400


def test_a_removed_comment_keeps_no_marks(app: Flask, client: FlaskClient) -> None:
    comment = make_comment(app)
    mark(client, comment)
    remove(app, comment)
    assert within(app, lambda: (db.session.query(Mark).count(), db.session.query(Helpful).count())) == (0, 0)


def test_a_mark_makes_no_thread_anew_but_the_list(app: Flask, client: FlaskClient) -> None:
    comment = make_comment(app)
    shown(app, POST)
    shown(app, HELPFUL)
    mark(client, comment)
    with counted(app) as answered:
        shown(app, POST)
    assert answered == {"hits": 1}
    assert f"c-{comment.id}".encode() in fresh(app, HELPFUL)


def test_marks_of_many_at_once_are_all_counted(app: Flask) -> None:
    comment = make_comment(app)

    def press(device: str) -> int:
        return mark(app.test_client(), comment, device).status_code

    devices = [secrets.token_hex(16) for _ in range(12)]
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(press, devices * 2)) == {200}
    assert mark(app.test_client(), comment, devices[0]).get_json()["marks"] == len(devices)
    assert within(app, lambda: list(faults())) == []


def test_the_audit_finds_a_wrong_number(app: Flask, client: FlaskClient) -> None:
    comment = make_comment(app)
    mark(client, comment)
    within(app, lambda: db.session.execute(db.update(Helpful).values(marks=7)))
    assert within(app, lambda: list(faults())) == [
        f"comment {comment.id} says that 7 found it helpful, its marks are 1"
    ]


def test_the_list_asks_the_same_for_one_and_three(app: Flask, client: FlaskClient, pages: Pages) -> None:
    pages.open(POST)
    asked = []
    for more in (1, 2):
        for _ in range(more):
            mark(client, make_comment(app, parent=make_comment(app)))
        with queries(app) as found:
            pages.open(HELPFUL)
        asked.append(len(found))
    assert asked[0] == asked[1] <= 7, asked  # one of them, the first time: what was signed off


def test_open_pages_are_told_how_many_comments_there_are(app: Flask, client: FlaskClient) -> None:
    make_comment(app)
    make_comment(app, state=State.WAITING)
    answer = client.get(f"{POST}/comments.json")
    assert answer.get_json() == {"shown": 1}
    assert "public" in answer.headers["Cache-Control"]
    assert client.get(f"{POST}/comments.json", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    make_comment(app)
    assert client.get(f"{POST}/comments.json").get_json() == {"shown": 2}
    assert client.get("/posts/anderswo/comments.json").status_code == 404
