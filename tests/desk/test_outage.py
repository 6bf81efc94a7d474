"""The database cannot be written: the desk says so calmly, and the same form sent again works."""

from pathlib import Path

from flask import Flask

from app.comments.models import State
from tests.cast import OLGA, SignedIn, ask_for_code, csrf_token, make_comment, make_owner, make_post, reload
from tests.locked import locked
from tests.page import Pages


def test_a_decision_is_refused_calmly_and_works_when_sent_again(app: Flask, posts: Path, mo: SignedIn) -> None:
    make_post(posts)
    comment = make_comment(app, state=State.WAITING)
    form = mo.page("/desk/comments").form("/decisions")
    with locked(app):
        answer = mo.client.post(form.action, data=form.filled(deed="publish"))
    Pages(mo.client).read(answer, form.action, 503)
    assert int(answer.headers["Retry-After"]) > 0
    assert reload(app, comment).state == State.WAITING
    assert mo.client.post(form.action, data=form.filled(deed="publish")).status_code == 303


def test_an_answer_sent_again_is_stored_once(app: Flask, posts: Path, gabi: SignedIn) -> None:
    make_post(posts)
    form = gabi.page(f"/desk/comments/{make_comment(app).id}/answer").form("text")
    data = form.filled(text="Wir bauen aus.")
    with locked(app):
        assert gabi.client.post(form.action, data=data).status_code == 503
    places = [gabi.client.post(form.action, data=data).location for _ in range(2)]
    assert places[0] == places[1]


def test_the_desk_can_be_read_meanwhile(app: Flask, mo: SignedIn) -> None:
    with locked(app):
        assert mo.page("/desk/")
        assert mo.page("/desk/comments")


def test_asking_for_a_code_is_refused_calmly(app: Flask) -> None:
    make_owner(app)
    client = app.test_client()
    token = csrf_token(client)
    with locked(app):
        answer = client.post("/desk/sign-in", data={"csrf_token": token, "email": OLGA})
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert ask_for_code(client, OLGA).status_code == 303
