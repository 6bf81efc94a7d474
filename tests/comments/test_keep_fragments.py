"""What pages are joined from: rendered when readers get to see a comment, gone when they do not any more."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from app.comments.jobs import render_anew
from app.comments.models import Comment, Fragment, State
from app.comments.models.expiry import forget_spam
from app.extensions import db
from app.people.models import Organisation
from tests.cast import make_comment, make_guest, make_post, read_posts, within
from tests.conftest import At
from tests.page import Pages

POST = "/posts/netz"
OTHER = "Steht nur im Fragment."
PHONE = "Ruft mich an: 0171 2345678"


def kept(app: Flask, comment: Comment) -> dict[str, str]:
    """What is kept of a comment in each language."""
    found = db.select(Fragment.lang, Fragment.html).where(Fragment.comment_id == comment.id)
    return within(app, lambda: {row.lang: row.html for row in db.session.execute(found)})


def decide(
    app: Flask, comment: Comment, to: State, seen: State = State.PUBLISHED, is_redacted: bool | None = None
) -> None:
    def work() -> None:
        db.session.get_one(Comment, comment.id).decide(to, seen=seen, reason="Beleidigung", is_redacted=is_redacted)

    within(app, work)


def rewrite(app: Flask, **values: str) -> None:
    """Somebody with the database in their hands."""
    within(app, lambda: db.session.execute(update(Fragment).values(**values)) and None)


def test_a_published_comment_is_kept_in_both_languages(on_each: Flask) -> None:
    made = make_comment(on_each, text="Bei **mir** auch.")
    german, english = kept(on_each, made)["de"], kept(on_each, made)["en"]
    assert "<strong>mir</strong>" in german
    assert "<strong>mir</strong>" in english
    assert "Antworten" in german
    assert "Answer" in english


def test_an_answer_of_a_guest_is_kept_too(app: Flask) -> None:
    made = make_comment(app, by=make_guest(app))
    assert set(kept(app, made)) == {"de", "en"}


@pytest.mark.parametrize("state", [State.WAITING, State.SPAM, State.REMOVED])
def test_nothing_is_kept_of_what_readers_never_saw(app: Flask, state: State) -> None:
    assert kept(app, make_comment(app, state=state)) == {}


@pytest.mark.parametrize("to", [State.REMOVED, State.SPAM])
def test_of_what_is_taken_from_readers_only_a_stub_is_kept(on_each: Flask, to: State) -> None:
    made = make_comment(on_each, name="Unverwechselbar", text="Das muss weg.")
    decide(on_each, made, to)
    for html in kept(on_each, made).values():
        assert "Unverwechselbar" not in html
        assert "Das muss weg." not in html
    assert ("Beleidigung" in kept(on_each, made)["de"]) is (to == State.REMOVED)


def test_of_what_waits_again_nothing_is_kept(app: Flask) -> None:
    made = make_comment(app)
    decide(app, made, State.WAITING)
    assert kept(app, made) == {}


def test_what_is_blacked_out_replaces_what_was_kept(app: Flask) -> None:
    made = make_comment(app, text=PHONE)
    assert "2345678" in kept(app, made)["de"]
    decide(app, made, State.PUBLISHED, is_redacted=True)
    assert not any("2345678" in html for html in kept(app, made).values())


def test_what_is_forgotten_is_kept_nowhere(app: Flask, at: At) -> None:
    alone, answered = make_comment(app, name="Unverwechselbar"), make_comment(app, name="Unverwechselbar")
    make_comment(app, parent=answered)
    for made in (alone, answered):
        decide(app, made, State.SPAM)
    at(31 * 24 * 60)
    within(app, forget_spam)
    assert kept(app, alone) == {}
    assert not any("Unverwechselbar" in html for html in kept(app, answered).values())


def test_a_page_is_joined_from_what_is_kept(app: Flask, pages: Pages) -> None:
    made = make_comment(app)
    rewrite(app, html=f'<article id="c-{made.id}">{OTHER}</article>')
    assert OTHER in pages.open(POST).by_id(f"c-{made.id}").text


def test_what_was_made_of_older_templates_is_rendered_anew_and_kept_by_a_job(app: Flask, pages: Pages) -> None:
    made = make_comment(app, text="So ist es.")
    rewrite(app, html=OTHER, made_of="older")
    assert "So ist es." in pages.open(POST).by_id(f"c-{made.id}").text
    assert kept(app, made) == {"de": OTHER, "en": OTHER}, "a reader's request wrote something"
    with app.app_context():
        render_anew.now()
    assert "So ist es." in kept(app, made)["de"]
    assert "So ist es." in pages.open(POST).by_id(f"c-{made.id}").text


def test_the_badge_follows_the_organisation(app: Flask, pages: Pages) -> None:
    made = make_comment(app, by=make_guest(app))
    assert "O2 · verified" in pages.open(f"{POST}?lang=en").by_id(f"c-{made.id}").text

    def rename() -> None:
        Organisation.of("o2").name = "Telefónica"  # type: ignore[union-attr]  # it is there

    within(app, rename)
    shown = pages.open(f"{POST}?lang=en").by_id(f"c-{made.id}")
    assert "Telefónica · verified" in shown.text
    assert "is-official" in shown["class"]


def test_nobody_writes_a_badge_or_a_hole_of_their_own(app: Flask, pages: Pages) -> None:
    made = make_comment(app, name="Lena\x1e", text="Eins\x1ezwei\x1edrei")
    shown = pages.open(POST).by_id(f"c-{made.id}")
    assert "Einszweidrei" in shown.text
    assert shown["class"] == "comment"


def test_whom_an_answer_answers_follows_that_comment(app: Flask, pages: Pages) -> None:
    top = make_comment(app)
    middle = make_comment(app, name="Karl", parent=top)
    low = make_comment(app, parent=middle)
    assert "Karl" in pages.open(POST).by_id(f"c-{low.id}").text
    decide(app, middle, State.REMOVED)
    assert "Karl" not in pages.open(POST).html


def test_under_a_closed_post_nobody_is_asked_to_answer(app: Flask, pages: Pages, environ: dict[str, str]) -> None:
    made = make_comment(app)
    assert pages.open(POST).by_id(f"c-{made.id}").with_class("reply")
    make_post(Path(environ["EINZELFALL_POSTS"]), comments="closed")
    read_posts(app)
    shown = pages.open(POST).by_id(f"c-{made.id}")
    assert not shown.with_class("reply")
    assert shown.with_class("prose")
