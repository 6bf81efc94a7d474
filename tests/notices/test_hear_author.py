"""Whoever wrote the comment is asked on its private page, answers once, and reads what was decided."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, State
from app.comments.models.erasure import erase
from app.comments.models.expiry import forget_spam
from app.comments.models.withdrawal import bring_back
from app.comments.models.withdrawal import withdraw as withdrawn
from app.extensions import db
from app.notices.jobs import tell_decisions
from app.notices.models import Notice, Outcome
from tests.cast import SignedIn, letters_to, make_comment, make_guest, make_notice, make_post, reload, within
from tests.comments.own import decided, newest, wrote
from tests.conftest import At
from tests.notices.test_decide_notice import decide, loaded
from tests.page import Pages

SIDE = "Es ist meine eigene Nummer, ich habe sie selbst hingeschrieben."


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts)


def make_own(app: Flask, text: str) -> tuple[int, str]:
    """A comment that a person published; its number and the code of its private page."""
    page = wrote(app.test_client(), app, text=text)
    decided(app, State.PUBLISHED)
    return newest(app).id, page.rpartition("/")[2]


@pytest.fixture
def own(app: Flask) -> tuple[int, str]:
    return make_own(app, text="Ruft 0171 2345678 an!")


@pytest.fixture
def number(app: Flask, mo: SignedIn, own: tuple[int, str]) -> int:
    """A notice about it, whose question the desk has asked."""
    comment = within(app, lambda: db.session.get_one(Comment, own[0]))
    made = make_notice(app, comment, passage="0171 2345678", name="Ada Byron", text="Ada Byron hat diese Nummer.")[0]
    mo.post(f"/desk/notices/{made}/questions", {"question": "Ist das deine Nummer?", "days": "7"})
    return made


def say(client: FlaskClient, code: str, number: int, text: str = SIDE) -> int:
    return client.post(f"/comments/{code}/notices/{number}/answers", data={"text": text}).status_code


def test_the_private_page_asks_and_does_not_tell_who_objects(pages: Pages, own: tuple[int, str], number: int) -> None:
    page = pages.open(f"/comments/{own[1]}")
    assert "Ist das deine Nummer?" in page.text
    assert "0171 2345678" in page.text
    assert "Ada" not in page.text
    assert page.form(f"/comments/{own[1]}/notices/{number}/answers").names >= {"text"}


def test_a_notice_that_nobody_asked_about_is_not_shown(app: Flask, pages: Pages, own: tuple[int, str]) -> None:
    make_notice(app, within(app, lambda: db.session.get_one(Comment, own[0])))
    assert "beanstandet" not in pages.open(f"/comments/{own[1]}").text


def test_an_answer_is_read_at_the_desk(
    app: Flask, client: FlaskClient, mo: SignedIn, own: tuple[int, str], number: int
) -> None:
    assert say(client, own[1], number) == 303
    assert SIDE in mo.page(f"/desk/notices/{number}").text
    assert SIDE in client.get(f"/comments/{own[1]}").text


def test_a_second_answer_and_one_after_the_decision_change_nothing(
    app: Flask, client: FlaskClient, mo: SignedIn, own: tuple[int, str], number: int
) -> None:
    say(client, own[1], number)
    assert say(client, own[1], number, "Etwas anderes.") == 303
    decide(mo, number, "kept")
    assert say(client, own[1], number, "Zu spät.") == 303
    assert loaded(app, number).answer == SIDE


def test_an_empty_answer_is_refused_and_one_that_is_too_long_keeps_its_words(
    app: Flask, pages: Pages, own: tuple[int, str], number: int
) -> None:
    path = f"/comments/{own[1]}/notices/{number}/answers"
    assert pages.client.post(path, data={"text": " "}).status_code == 422
    page = pages.read(pages.client.post(path, data={"text": "x" * 4001}), path, 422)
    assert page.form(path).values["text"].strip() == "x" * 4001
    assert loaded(app, number).answer == ""


def test_nobody_answers_for_somebody_elses_comment(
    app: Flask, client: FlaskClient, own: tuple[int, str], number: int
) -> None:
    _, other = make_own(app, text="Ein anderer Kommentar.")
    assert say(client, other, number) == 404
    assert say(client, "0000-0000", number) == 404
    assert loaded(app, number).answer == ""


def test_the_page_tells_the_decision_when_it_can_no_longer_be_undone(
    pages: Pages, mo: SignedIn, own: tuple[int, str], number: int, at: At
) -> None:
    decide(mo, number, "blacked-out")
    assert "gehört einer Dritten" not in pages.open(f"/comments/{own[1]}").text
    at(11)
    within(mo.app, tell_decisions.now)
    assert "gehört einer Dritten" in pages.open(f"/comments/{own[1]}").text
    assert pages.client.get(f"/comments/{own[1]}/export.json").get_json()["notices"][0]["outcome"] == "blacked-out"


def test_an_erasure_takes_the_quoted_words_and_closes_the_notice(
    app: Flask, client: FlaskClient, own: tuple[int, str], number: int
) -> None:
    say(client, own[1], number)
    within(app, lambda: erase(db.session.get_one(Comment, own[0])))
    notice = loaded(app, number)
    assert (notice.passage, notice.answer, notice.outcome) == ("", "", "gone")


def withdraw(client: FlaskClient, code: str) -> None:
    assert client.post(f"/comments/{code}/withdrawals", data={"sure": "yes"}).status_code == 303


def brought_back(app: Flask, client: FlaskClient, own: tuple[int, str]) -> bool:
    client.post(f"/comments/{own[1]}/returns")
    return within(app, lambda: db.session.get_one(Comment, own[0])).state == State.PUBLISHED


def test_a_withdrawal_is_no_way_around_a_removal(
    app: Flask, client: FlaskClient, mo: SignedIn, own: tuple[int, str], number: int
) -> None:
    withdraw(client, own[1])
    assert "kann ihn zurückholen" in mo.page(f"/desk/notices/{number}").text
    assert decide(mo, number, "gone", seen="removed") == 422
    assert decide(mo, number, "removed", seen="removed") == 303
    assert not brought_back(app, client, own)
    comment = within(app, lambda: db.session.get_one(Comment, own[0]))
    assert (comment.state, comment.taken_back, comment.removed_because) == (
        State.REMOVED,
        None,
        "Die Nummer gehört einer Dritten.",
    )


def test_a_removal_of_what_was_withdrawn_is_taken_back_whole(
    app: Flask, client: FlaskClient, mo: SignedIn, own: tuple[int, str], number: int
) -> None:
    withdraw(client, own[1])
    decide(mo, number, "removed", seen="removed")
    mo.post(f"/desk/notices/{number}/returns", {"edits": "0"})
    comment = within(app, lambda: db.session.get_one(Comment, own[0]))
    assert (comment.taken_back, comment.removed_because, loaded(app, number).state) == ("withdrawn", "", "asked")
    assert brought_back(app, client, own)


def test_what_an_erasure_closed_was_decided_by_nobody(
    app: Flask, mo: SignedIn, pages: Pages, own: tuple[int, str], at: At
) -> None:
    comment = within(app, lambda: db.session.get_one(Comment, own[0]))
    made, code = make_notice(app, comment, email="ada@reader.example")
    within(app, lambda: erase(db.session.get_one(Comment, own[0])))
    mo.post(f"/desk/notices/{made}/returns", {"edits": "0"})
    assert (loaded(app, made).state, loaded(app, made).can_be_taken_back) == ("decided", False)
    at(11)
    within(app, tell_decisions.now)
    (letter,) = letters_to(app, "ada@reader.example")
    for said in (letter, pages.open(f"/notices/{code}").text):
        assert "nicht mehr auf der Seite" in said
        assert "hat ein Mensch" not in said


def test_letters_do_not_quote_what_an_erasure_has_to_reach(app: Flask, mo: SignedIn, at: At) -> None:
    comment = make_comment(app, email="lena@reader.example", text="Ruft 0171 2345678 an!")
    made = make_notice(app, comment)[0]
    mo.post(f"/desk/notices/{made}/questions", {"question": "Ist das deine Nummer?", "days": "7"})
    decide(mo, made, "removed")
    at(11)
    within(app, tell_decisions.now)
    asks, tells = letters_to(app, "lena@reader.example")
    for letter in (asks, tells):
        assert "0171 2345678" not in letter
        assert "privaten Seite" in letter


def test_other_comments_have_no_such_section(app: Flask, pages: Pages, number: int) -> None:
    make_comment(app)
    _, other = make_own(app, text="Ein anderer Kommentar.")
    assert "beanstandet" not in pages.open(f"/comments/{other}").text
    assert within(app, lambda: db.session.get(Notice, number)) is not None


def test_what_is_still_to_be_decided_outlives_the_time_of_its_comment(
    app: Flask, client: FlaskClient, own: tuple[int, str], number: int, at: At
) -> None:
    decided(app, State.SPAM)
    at(40 * 24 * 60)
    within(app, forget_spam)
    assert client.get(f"/comments/{own[1]}").status_code == 200
    within(app, lambda: loaded_here(number).close_as_gone())
    within(app, forget_spam)
    assert within(app, lambda: db.session.get_one(Comment, own[0])).text == ""
    assert loaded(app, number).outcome == "gone"


def loaded_here(number: int) -> Notice:
    return db.session.get_one(Notice, number)


def test_a_removal_of_what_was_withdrawn_and_its_undo_hold_on_each_database(on_each: Flask) -> None:
    comment, by = make_comment(on_each), make_guest(on_each)
    made = make_notice(on_each, comment)[0]

    def there_and_back() -> None:
        found, notice = db.session.get_one(Comment, comment.id), db.session.get_one(Notice, made)
        withdrawn(found)
        notice.decide(Outcome.REMOVED, "Darum.", "", by=by, seen=State.REMOVED, edits=0)
        assert (found.taken_back, found.removed_because) == (None, "Darum.")
        notice.take_back(0)
        bring_back(found)
        notice.decide(Outcome.BLACKED_OUT, "Darum.", "", by=by, seen=State.PUBLISHED, edits=0)

    within(on_each, there_and_back)
    assert reload(on_each, comment).is_redacted
