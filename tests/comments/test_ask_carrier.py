"""Questions to the carrier: marked by who writes or by a moderator, answered by an official answer, told in numbers."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, Enquiry, NotNow, Standing, State
from app.comments.models.enquiry import faults
from app.extensions import db
from app.kit import clock
from tests.cache.asking import fresh, shown
from tests.cast import GERO, make_comment, make_editor, make_guest, make_moderator, sign_in, within
from tests.comments.reader import filled, stored, the_comment, write
from tests.comments.test_read_answers import remove
from tests.comments.test_read_thread import POST, ids, queries
from tests.page import Pages

QUESTIONS = f"{POST}?filter=questions"


def ask(app: Flask, comment: Comment) -> Comment:
    within(app, lambda: Enquiry.ask(db.session.get_one(Comment, comment.id)))
    return comment


def move(app: Flask, comment: Comment, to: Standing, seen: Standing = Standing.OPEN, reason: str = "") -> None:
    within(app, lambda: Enquiry.move(db.session.get_one(Comment, comment.id), to, seen=seen, reason=reason))


def standing(app: Flask, comment: Comment) -> Standing | None:
    found = within(app, lambda: db.session.get(Enquiry, comment.id))
    return found.state if found else None


def said_of(pages: Pages, comment: Comment) -> str:
    found = pages.open(f"{POST}?lang=en").by_id(f"c-{comment.id}").with_class("enquiry")
    return found[0].text if found else ""


def test_who_writes_marks_a_question_by_a_tick(app: Flask, client: FlaskClient) -> None:
    assert write(client, app, question="yes").status_code == 303
    assert standing(app, the_comment(app)) is Standing.OPEN


def test_without_the_tick_a_comment_is_none(app: Flask, client: FlaskClient) -> None:
    write(client, app)
    assert standing(app, the_comment(app)) is None


def test_the_tick_survives_a_refusal_and_the_check_page(app: Flask, pages: Pages) -> None:
    form = pages.open("/posts/netz/comments/new").form("/comments")
    refused = pages.send(form, 422, name="", text="Wann?", question="yes").form("/comments")
    assert refused.filled()["question"] == ["yes"]
    checked = pages.send(refused, name="Lena", key="")
    pages.post(checked.form("/comments"))
    assert standing(app, the_comment(app)) is Standing.OPEN


@pytest.mark.parametrize("policy", ["open"], indirect=True)
def test_a_question_that_is_public_at_once_says_that_it_is_one(
    policy: str, app: Flask, client: FlaskClient, pages: Pages
) -> None:
    write(client, app, question="yes", text="Wann wird der Mast in unserer Straße repariert?")
    comment = the_comment(app)
    assert comment.state is State.PUBLISHED
    assert said_of(pages, comment) == "Question to O2 · open"
    assert app.test_cli_runner().invoke(args=["audit"]).exit_code == 0


def test_an_official_answer_answers_and_nothing_else_does(app: Flask, pages: Pages) -> None:
    asked = ask(app, make_comment(app))
    reply = make_comment(app, parent=asked)
    make_comment(app, by=make_editor(app), parent=asked)
    make_comment(app, by=make_guest(app), parent=reply)
    assert standing(app, asked) is Standing.OPEN
    make_comment(app, by=make_guest(app), parent=asked)
    assert standing(app, asked) is Standing.ANSWERED
    assert said_of(pages, asked) == "Question to O2 · answered"


def test_what_is_answered_already_is_marked_as_answered(app: Flask) -> None:
    asked = make_comment(app)
    make_comment(app, by=make_guest(app), parent=asked)
    assert standing(app, ask(app, asked)) is Standing.ANSWERED


def test_a_question_whose_only_answer_was_removed_is_open_again(app: Flask, pages: Pages) -> None:
    asked = ask(app, make_comment(app))
    first = make_comment(app, by=make_guest(app), parent=asked)
    second = make_comment(app, by=make_guest(app, GERO, "Gero"), parent=asked)
    remove(app, first)
    assert standing(app, asked) is Standing.ANSWERED
    remove(app, second)
    assert standing(app, asked) is Standing.OPEN
    assert said_of(pages, asked) == "Question to O2 · open"
    within(app, lambda: db.session.get_one(Comment, first.id).decide(State.PUBLISHED, seen=State.REMOVED))
    assert standing(app, asked) is Standing.ANSWERED


def test_what_becomes_of_a_question_is_on_its_page_at_once(app: Flask) -> None:
    asked = ask(app, make_comment(app))
    shown(app, POST)
    move(app, asked, Standing.PASSED_ON)
    assert "weitergegeben" in shown(app, POST).decode()
    move(app, asked, Standing.DECLINED, Standing.PASSED_ON, "Steht schon oben.")
    assert "Steht schon oben." in shown(app, POST).decode()
    assert shown(app, POST) == fresh(app, POST)
    move(app, asked, Standing.OPEN, Standing.DECLINED)
    assert "Steht schon oben." not in shown(app, POST).decode()


def test_two_who_decide_at_once_do_not_undo_each_other(app: Flask) -> None:
    asked = ask(app, make_comment(app))
    move(app, asked, Standing.PASSED_ON)
    with pytest.raises(NotNow):
        move(app, asked, Standing.DECLINED, Standing.OPEN, "Zu spät.")
    with pytest.raises(NotNow):
        ask(app, asked)
    with pytest.raises(NotNow):
        move(app, asked, Standing.ANSWERED, Standing.PASSED_ON)
    with pytest.raises(NotNow):
        ask(app, make_comment(app, by=make_guest(app)))


def test_open_questions_are_listed_the_longest_waiting_first(app: Flask, pages: Pages) -> None:
    first, second, third, fourth, waiting = (make_comment(app) for _ in range(5))
    hidden = make_comment(app, state=State.WAITING)
    for one in (second, first, third, fourth, hidden):
        ask(app, one)
    move(app, first, Standing.PASSED_ON)
    move(app, third, Standing.DECLINED, reason="Doppelt.")
    make_comment(app, by=make_guest(app), parent=fourth)
    assert waiting.id not in ids(pages.open(QUESTIONS))
    assert ids(pages.open(QUESTIONS)) == [first.id, second.id]
    remove(app, second)
    assert ids(pages.open(QUESTIONS)) == [first.id]


def test_public_numbers_tell_how_questions_stand(app: Flask, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    now, guest = clock.now(), make_guest(app)
    asked = [ask(app, make_comment(app)) for _ in range(5)]
    ask(app, make_comment(app, state=State.WAITING))
    move(app, asked[0], Standing.PASSED_ON)
    move(app, asked[1], Standing.DECLINED, reason="Doppelt.")
    for comment, hours in zip(asked[2:4], (10, 30), strict=True):
        monkeypatch.setattr(clock, "now", lambda hours=hours: now + timedelta(hours=hours))
        make_comment(app, by=guest, parent=comment)
    (told,) = pages.open("/answers/?lang=en").with_class("numbers")
    counts = "Questions to O2 5 answered 2 open 1 passed on, not answered yet 1 not passed on, with the reason 1"
    assert told.text.split() == f"{counts} until the answer (median) 20 hours".split()


def test_without_questions_no_numbers_are_told(pages: Pages) -> None:
    assert not pages.open("/answers/").with_class("numbers")


def test_the_list_of_questions_asks_the_same_for_one_and_three(app: Flask, pages: Pages) -> None:
    pages.open(POST)
    asked = []
    for more in (1, 2):
        for _ in range(more):
            ask(app, make_comment(app, parent=make_comment(app)))
        with queries(app) as found:
            pages.open(QUESTIONS)
        asked.append(len(found))
    assert asked[0] == asked[1] <= 7, asked  # one of them, the first time: what was signed off


def test_a_moderator_marks_passes_on_declines_and_undoes(app: Flask, pages: Pages) -> None:
    comment, mo = make_comment(app, name="Sabine"), sign_in(app, make_moderator(app))
    way = f"/desk/comments/{comment.id}/questions"
    assert 'data-key="q"' in mo.page(f"/desk/comments/{comment.id}").html
    assert mo.post(way, {"deed": "ask"}).status_code == 303
    assert "Sabine" in mo.page("/desk/questions").text
    mo.post(way, {"deed": "pass-on", "seen": "open", "lane": "open"})
    assert standing(app, comment) is Standing.PASSED_ON
    undo = mo.page("/desk/questions").form(way)
    assert undo.names >= {"deed", "seen", "undo"}
    mo.post(way, {"deed": "reopen", "seen": "passed-on", "undo": "yes"})
    assert standing(app, comment) is Standing.OPEN
    mo.post(way, {"deed": "decline", "seen": "open"})
    assert standing(app, comment) is Standing.OPEN, "readers are told a reason"
    mo.post(way, {"deed": "decline", "seen": "open", "reason": "Steht schon oben."})
    assert said_of(pages, comment) == "Question to O2 · not passed on: Steht schon oben."
    assert "Sabine" in mo.page("/desk/questions?state=declined").text
    mo.post(way, {"deed": "withdraw"})
    assert said_of(pages, comment) == ""


@pytest.mark.parametrize(
    "sent", [{"deed": "burn"}, {}, {"deed": "pass-on", "seen": "gone"}, {"deed": "pass-on"}], ids=str
)
def test_what_is_no_deed_is_refused(app: Flask, sent: dict[str, str]) -> None:
    comment, mo = ask(app, make_comment(app)), sign_in(app, make_moderator(app))
    assert mo.post(f"/desk/comments/{comment.id}/questions", sent).status_code == 400


def test_guests_answer_but_do_not_decide_what_is_a_question(app: Flask) -> None:
    comment, gabi = make_comment(app), sign_in(app, make_guest(app))
    assert gabi.post(f"/desk/comments/{comment.id}/questions", {"deed": "ask"}).status_code == 403
    assert standing(app, comment) is None


def test_guests_see_first_what_was_passed_on_then_what_is_open_oldest_first(app: Flask) -> None:
    make_comment(app, name="Niemand")
    names = ("Anna", "Berta", "Carla", "Dora")
    asked = [ask(app, make_comment(app, name=name)) for name in names]
    move(app, asked[2], Standing.PASSED_ON)
    move(app, asked[3], Standing.DECLINED, reason="Doppelt.")
    page = sign_in(app, make_guest(app)).page("/desk/answers")
    rows = [one.text.split()[0] for one in page.with_class("item")]
    assert rows == ["Carla", "Anna", "Berta"]
    assert f"/desk/comments/{asked[0].id}/answer" in page.html


def test_where_nothing_was_asked_guests_see_the_latest_comments(app: Flask) -> None:
    make_comment(app, name="Lena")
    assert "Lena" in sign_in(app, make_guest(app)).page("/desk/answers").text


def test_the_audit_finds_a_question_that_is_not_as_its_answers_say(app: Flask) -> None:
    asked = ask(app, make_comment(app))
    assert within(app, lambda: list(faults())) == []
    within(app, lambda: db.session.execute(db.update(Enquiry).values(state=Standing.ANSWERED)))
    assert within(app, lambda: list(faults())) == [f"question {asked.id} is answered, its answers say otherwise"]


def test_the_language_of_a_text_is_marked_where_it_is_another_than_the_page_s(
    app: Flask, client: FlaskClient, pages: Pages
) -> None:
    said = "I have not been able to use the network since last week, and nobody would tell me why."
    write(client, app, text=said)
    english = stored(app)[0]
    within(app, lambda: db.session.get_one(Comment, english.id).decide(State.PUBLISHED, seen=State.WAITING))
    (prose,) = pages.open(POST).by_id(f"c-{english.id}").with_class("prose")
    assert prose.get("lang") == "en"
    (prose,) = pages.open(f"{POST}?lang=en").by_id(f"c-{english.id}").with_class("prose")
    assert prose.get("lang") == ""


def test_the_form_asks_for_it_in_words(pages: Pages, app: Flask) -> None:
    assert "This is a question to O2" in pages.open(f"{POST}?lang=en").text
    assert "question" in filled(app, question="yes")
