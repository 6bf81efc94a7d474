"""The database cannot be written: 503, every value kept, and sent again it is stored once."""

import pytest
from flask import Flask

from tests.cast import make_comment
from tests.comments.reader import FIELDS, URL, filled, kept, own_page, stored, the_comment, write
from tests.locked import locked
from tests.page import Pages


def test_a_comment_that_cannot_be_stored_is_given_back_and_stored_once_when_sent_again(
    app: Flask, pages: Pages
) -> None:
    parent = make_comment(app)
    data = filled(app, parent=str(parent.id))
    with locked(app):
        answer = pages.client.post(URL, data=data)
        page = pages.read(answer, URL, 503)
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["Cache-Control"] == "no-store"
    form = page.form("text")
    assert kept(form.values) == kept(FIELDS)
    assert (form.values["key"], form.values["parent"]) == (data["key"], str(parent.id))
    assert [pages.post(form).location for _ in range(2)] == [own_page(app, data["key"])] * 2
    assert [comment.parent_id for comment in stored(app)] == [None, parent.id]


def test_scripts_are_told_to_try_again(app: Flask, pages: Pages) -> None:
    with locked(app):
        answer = pages.client.post(URL, data=filled(app), headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.get_json()["error"]


@pytest.mark.parametrize("fault", [{"key": ""}, {"text": ""}])
def test_also_a_form_that_would_not_be_stored_loses_nothing(app: Flask, pages: Pages, fault: dict[str, str]) -> None:
    with locked(app):
        answer = write(pages.client, app, **fault)
    page = pages.read(answer, URL, answer.status_code)
    assert answer.status_code in {200, 422, 503}
    assert page.form("text").values["name"] == "Lena"


def test_readers_read_on(app: Flask, pages: Pages) -> None:
    made = make_comment(app)
    with locked(app):
        assert pages.open("/posts/netz").by_id(f"c-{made.id}")
        assert pages.open("/posts/netz/comments/new").form("text")


def test_afterwards_everything_works_as_before(app: Flask, pages: Pages) -> None:
    with locked(app):
        write(pages.client, app)
    write(pages.client, app)
    assert the_comment(app).name == "Lena"
