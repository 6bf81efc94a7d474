"""Guests and editors answer readers under their verified name."""

from pathlib import Path

import pytest
from flask import Flask

from app.comments.models import Comment, State
from app.extensions import db
from app.people.models import Decision, Member
from tests.cast import GABI, SignedIn, make_comment, make_other_guest, make_post, read_posts, sign_in, within
from tests.comments.reader import filled
from tests.page import Pages


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts)


def answers(app: Flask) -> list[Comment]:
    found = db.select(Comment).where(Comment.member_id.is_not(None)).order_by(Comment.id)
    return within(app, lambda: list(db.session.scalars(found)))


def test_a_guest_answers_and_readers_see_name_and_badge(app: Flask, gabi: SignedIn, pages: Pages) -> None:
    question = make_comment(app)
    form = gabi.page(f"/desk/comments/{question.id}/answer").form("text")
    answer = gabi.client.post(form.action, data=form.filled(text="Wir bauen den Standort aus."))
    assert answer.status_code == 303
    path, _, anchor = answer.location.partition("#")
    shown = pages.open(path).by_id(anchor)
    assert "Gabi" in shown.text
    assert shown.with_class("badge")[0]["href"] == "/organisations/o2"
    (made,) = answers(app)
    assert (made.parent_id, made.state) == (question.id, State.PUBLISHED)


def test_an_answer_sent_twice_is_one(app: Flask, gabi: SignedIn) -> None:
    form = gabi.page(f"/desk/comments/{make_comment(app).id}/answer").form("text")
    data = form.filled(text="Wir bauen aus.")
    first, second = gabi.client.post(form.action, data=data), gabi.client.post(form.action, data=data)
    assert first.location == second.location
    assert len(answers(app)) == 1
    assert len(within(app, lambda: list(db.session.scalars(db.select(Decision))))) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001])
def test_an_empty_or_endless_answer_is_refused_with_what_was_typed(app: Flask, gabi: SignedIn, text: str) -> None:
    path = f"/desk/comments/{make_comment(app).id}/answer"
    answer = gabi.post(path, {"text": text, "key": "0123456789"})
    form = Pages(gabi.client).read(answer, path, 422).form("text")
    assert form.values["text"] == text.strip()
    assert form.values["key"] == "0123456789"
    assert answers(app) == []


@pytest.mark.parametrize("state", [State.WAITING, State.SPAM, State.REMOVED])
def test_what_readers_do_not_see_is_neither_shown_nor_answered(app: Flask, gabi: SignedIn, state: State) -> None:
    hidden = make_comment(app, state=state, text="Das sieht niemand.")
    path = f"/desk/comments/{hidden.id}/answer"
    assert gabi.get(path).status_code == 404
    assert gabi.post(path, {"text": "x"}).status_code == 404
    assert "Das sieht niemand" not in gabi.page("/desk/answers").html


def test_under_a_closed_post_nobody_answers(app: Flask, posts: Path, gabi: SignedIn) -> None:
    make_post(posts, "zu", comments="closed")
    read_posts(app)
    question = make_comment(app, "zu")
    assert gabi.post(f"/desk/comments/{question.id}/answer", {"text": "x"}).status_code == 404


def test_a_guest_sees_no_reader_address(app: Flask, gabi: SignedIn) -> None:
    question = make_comment(app, email="lena@reader.example")
    for path in ("/desk/answers", f"/desk/comments/{question.id}/answer"):
        assert "lena@reader.example" not in gabi.page(path).html


def test_who_was_revoked_answers_no_more_but_what_was_said_stays(app: Flask, gabi: SignedIn, pages: Pages) -> None:
    question = make_comment(app)
    form = gabi.page(f"/desk/comments/{question.id}/answer").form("text")
    gabi.client.post(form.action, data=form.filled(text="Wir bauen aus."))

    def revoke() -> None:
        found = Member.of(GABI)
        assert found
        found.revoke("left the company")

    within(app, revoke)
    again = gabi.client.post(form.action, data=form.filled(text="Noch etwas.", key="another-key-1"))
    assert again.status_code in {303, 400, 403}
    assert len(answers(app)) == 1
    assert "Wir bauen aus." in pages.open("/posts/netz").text


def test_guests_of_two_organisations_each_carry_their_own_badge(app: Flask, gabi: SignedIn, pages: Pages) -> None:
    question = make_comment(app)
    vera = sign_in(app, make_other_guest(app))
    for who in (gabi, vera):
        form = who.page(f"/desk/comments/{question.id}/answer").form("text")
        who.client.post(form.action, data=form.filled(text=f"Von {who.email}."))
    badges = [badge["href"] for badge in pages.open("/posts/netz").with_class("badge")]
    assert badges == ["/organisations/o2", "/organisations/vodafone"]


def test_the_key_of_a_readers_comment_does_not_lead_an_answer_astray(app: Flask, gabi: SignedIn) -> None:
    question = make_comment(app)
    data = filled(app)
    app.test_client().post("/posts/netz/comments", data=data)
    answer = gabi.post(f"/desk/comments/{question.id}/answer", {"text": "Wir bauen aus.", "key": str(data["key"])})
    assert answer.status_code == 303
