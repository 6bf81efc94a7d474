"""Deciding on a comment: each lane, each deed, each way back."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from app.comments.models import Comment, State
from app.extensions import db
from app.people.models import Decision
from tests.cast import SignedIn, make_comment, make_post, reload, within
from tests.comments.test_read_thread import queries
from tests.page import Page, Pages

DEEDS = {"publish": State.PUBLISHED, "spam": State.SPAM, "remove": State.REMOVED, "wait": State.WAITING}


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts)


def decide(mo: SignedIn, comment: Comment, deed: str, **more: str) -> str:
    data = {"deed": deed, "seen": comment.state.value, "edits": str(comment.edits), **more}
    if deed == "remove":
        data = {"reason": "Beleidigung", **data}
    answer = mo.post(f"/desk/comments/{comment.id}/decisions", data)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def log(app: Flask) -> list[tuple[str, str, str]]:
    rows = within(app, lambda: list(db.session.scalars(db.select(Decision).order_by(Decision.id))))
    return [(row.deed, row.about, row.reason) for row in rows]


@pytest.mark.parametrize("state", list(State))
def test_each_lane_shows_its_comments_and_no_others(app: Flask, mo: SignedIn, state: State) -> None:
    for each in State:
        make_comment(app, state=each, text=f"Text im Zustand {each}.")
    page = mo.page(f"/desk/comments?state={state}&all=yes")
    shown = [each for each in State if f"Text im Zustand {each}." in page.text]
    assert shown == [state]


def test_an_unknown_lane_is_not_found(mo: SignedIn) -> None:
    assert mo.get("/desk/comments?state=lost").status_code == 404


@pytest.mark.parametrize("start", list(State))
@pytest.mark.parametrize("deed", ["publish", "spam", "remove"])
def test_a_deed_moves_the_comment_and_undo_brings_it_back(app: Flask, mo: SignedIn, start: State, deed: str) -> None:
    comment = make_comment(app, state=start)
    if DEEDS[deed] == start:
        return
    landing = decide(mo, comment, deed)
    assert reload(app, comment).state == DEEDS[deed]
    undo = mo.page(landing).form("undo")
    assert mo.client.post(undo.action, data=undo.filled()).status_code == 303
    back = reload(app, comment)
    assert back.state == start
    assert back.removed_because == comment.removed_because
    assert [row[0] for row in log(app)] == [deed, undo.values["deed"]]


def test_what_a_moderator_publishes_readers_see(app: Flask, mo: SignedIn, pages: Pages) -> None:
    comment = make_comment(app, state=State.WAITING)
    page = mo.page("/desk/comments")
    form = page.form("/decisions")
    assert mo.client.post(form.action, data=form.filled(deed="publish")).status_code == 303
    assert pages.open("/posts/netz").by_id(f"c-{comment.id}")
    assert log(app) == [("publish", f"comment:{comment.id}", "")]


def test_a_removal_without_a_reason_is_refused(app: Flask, mo: SignedIn) -> None:
    comment = make_comment(app)
    for reason in ("", "   \n"):
        decide(mo, comment, "remove", reason=reason)
    assert reload(app, comment).state == State.PUBLISHED
    assert log(app) == []


def test_a_long_reason_is_cut_not_refused(app: Flask, mo: SignedIn) -> None:
    comment = make_comment(app)
    decide(mo, comment, "remove", reason="x" * 5000)
    assert len(reload(app, comment).removed_because) == 300


@pytest.mark.parametrize("deed", ["", "delete", "PUBLISH", "published"])
def test_an_unknown_deed_is_refused(app: Flask, mo: SignedIn, deed: str) -> None:
    comment = make_comment(app, state=State.WAITING)
    assert mo.post(f"/desk/comments/{comment.id}/decisions", {"deed": deed, "edits": "0"}).status_code == 400
    assert reload(app, comment).state == State.WAITING


def test_who_decides_on_what_moved_meanwhile_is_told_and_changes_nothing(
    app: Flask, mo: SignedIn, eda: SignedIn
) -> None:
    comment = make_comment(app, state=State.WAITING)
    decide(eda, comment, "spam")
    landing = decide(mo, comment, "publish")
    assert landing == f"/desk/comments/{comment.id}"
    assert mo.page(landing).with_class("flash")
    assert reload(app, comment).state == State.SPAM
    assert [row[0] for row in log(app)] == ["spam"]


def test_the_same_decision_sent_twice_is_one(app: Flask, mo: SignedIn) -> None:
    comment = make_comment(app, state=State.WAITING)
    decide(mo, comment, "publish")
    decide(mo, comment, "publish")
    assert reload(app, comment).state == State.PUBLISHED
    assert len(log(app)) == 1


def test_an_undo_that_comes_too_late_changes_nothing(app: Flask, mo: SignedIn, eda: SignedIn) -> None:
    comment = make_comment(app, state=State.WAITING)
    undo = mo.page(decide(mo, comment, "publish")).form("undo")
    decide(eda, reload(app, comment), "remove")
    mo.client.post(undo.action, data=undo.filled())
    assert reload(app, comment).state == State.REMOVED


def test_the_item_shows_address_context_and_what_was_decided(app: Flask, mo: SignedIn) -> None:
    parent = make_comment(app, name="Sabine", text="Die Frage davor.")
    comment = make_comment(app, parent=parent, email="lena@reader.example")
    decide(mo, comment, "remove")
    page: Page = mo.page(f"/desk/comments/{comment.id}?lang=en")
    for shown in ("lena@reader.example", "Die Frage davor.", "Beleidigung", "Mo"):
        assert shown in page.text


def test_the_list_shows_no_address(app: Flask, mo: SignedIn) -> None:
    make_comment(app, state=State.WAITING, email="lena@reader.example")
    assert "lena@reader.example" not in mo.page("/desk/comments").html


def test_the_list_is_paged_oldest_first(app: Flask, mo: SignedIn) -> None:
    made = [make_comment(app, state=State.WAITING, text=f"Kommentar Nummer {n:03}") for n in range(27)]
    first, second = mo.page("/desk/comments"), mo.page("/desk/comments?page=2")
    assert "Nummer 000" in first.text
    assert "Nummer 025" not in first.text
    assert "Nummer 026" in second.text
    assert f"/desk/comments/{made[26].id}" in second.links.values()
    assert mo.get("/desk/comments?page=99999999999999999999").status_code == 200


def test_the_list_asks_the_same_questions_for_1_and_3_rows(app: Flask, mo: SignedIn) -> None:
    asked = []
    for more in (1, 2):
        for _ in range(more):
            make_comment(app, state=State.WAITING)
        with queries(app) as found:
            mo.page("/desk/comments")
        asked.append([one for one in found if "FROM surge" not in one])  # asked once a second, not once a page
    assert len(asked[0]) == len(asked[1])


def test_markup_of_a_waiting_comment_is_as_harmless_here_as_outside(app: Flask, mo: SignedIn) -> None:
    make_comment(
        app, state=State.WAITING, text="<script>alert(1)</script> <img src=x onerror=alert(1)>", name="<b>Lena"
    )
    page = mo.page("/desk/comments")  # the page client refuses inline scripts and handlers
    assert "<script>alert(1)</script>" in page.text
    assert "<b>Lena" in page.text


def test_the_log_is_shown_newest_first_with_who_did_it(app: Flask, mo: SignedIn) -> None:
    first, second = make_comment(app), make_comment(app)
    decide(mo, first, "spam")
    decide(mo, second, "remove")
    page = mo.page("/desk/decisions")
    assert page.text.index(f"comment:{second.id}") < page.text.index(f"comment:{first.id}")
    assert "Mo" in page.text


def test_what_was_decided_cannot_be_changed_by_the_orm(app: Flask, mo: SignedIn) -> None:
    decide(mo, make_comment(app), "spam")

    def change() -> None:
        db.session.scalars(db.select(Decision)).one().reason = "I never did that"

    def delete() -> None:
        db.session.delete(db.session.scalars(db.select(Decision)).one())

    for tamper in (change, delete):
        with pytest.raises(PermissionError):
            within(app, tamper)
    assert len(log(app)) == 1


@pytest.mark.parametrize("statement", ["UPDATE decision SET reason = 'x'", "DELETE FROM decision"])
def test_nor_by_sql(app: Flask, mo: SignedIn, statement: str) -> None:
    decide(mo, make_comment(app), "spam")
    before = log(app)
    with pytest.raises(DatabaseError):
        within(app, lambda: db.session.execute(db.text(statement)))
    assert log(app) == before


JSON = {"Accept": "application/json"}


def test_a_script_is_told_what_was_done_and_the_way_back(app: Flask, mo: SignedIn) -> None:
    comment = make_comment(app, state=State.WAITING)
    form = mo.page("/desk/comments").form("/decisions")
    told = mo.client.post(form.action, data=form.filled(deed="spam"), headers=JSON).json
    assert told
    assert reload(app, comment).state == State.SPAM
    assert told["is_decided"]
    back = mo.client.post(told["url"], data={"csrf_token": mo.token, **told["undo"]}, headers=JSON)
    assert back.json
    assert back.json["undo"] is None
    assert reload(app, comment).state == State.WAITING


def test_a_decision_whose_answer_was_lost_is_sent_again_and_done_once(app: Flask, mo: SignedIn, eda: SignedIn) -> None:
    comment = make_comment(app, state=State.WAITING)
    form = mo.page("/desk/comments").form("/decisions")
    first, again = (mo.client.post(form.action, data=form.filled(deed="spam"), headers=JSON) for _ in range(2))
    assert (again.status_code, again.json) == (200, first.json)
    assert [deed for deed, _, _ in log(app)] == ["spam"]
    others = eda.page(f"/desk/comments/{comment.id}").form("/decisions")
    sent = {**others.values, "seen": "waiting", "deed": "spam"}
    assert eda.client.post(form.action, data=sent, headers=JSON).status_code == 409, "another person's is none of ours"
    for _ in range(2):
        back = mo.client.post(form.action, data={"csrf_token": mo.token, **(first.json or {})["undo"]}, headers=JSON)
        assert back.status_code == 200
    assert [deed for deed, _, _ in log(app)] == ["spam", "wait"]


def test_a_script_is_told_what_is_in_the_way(app: Flask, mo: SignedIn, eda: SignedIn) -> None:
    comment = make_comment(app, state=State.WAITING)
    form = mo.page("/desk/comments").form("/decisions")
    without = mo.client.post(form.action, data=form.filled(deed="remove"), headers=JSON)
    assert (without.status_code, bool(without.json and without.json["error"])) == (422, True)
    decide(eda, comment, "publish")
    late = mo.client.post(form.action, data=form.filled(deed="spam"), headers=JSON)
    assert (late.status_code, bool(late.json and late.json["error"])) == (409, True)
    assert reload(app, comment).state == State.PUBLISHED


def test_confirmed_spam_leaves_its_folder_and_undo_puts_it_back(app: Flask, mo: SignedIn) -> None:
    comment = make_comment(app, state=State.WAITING)
    within(app, lambda: setattr(db.session.get_one(Comment, comment.id), "state", State.SPAM))
    before = reload(app, comment)
    form = mo.page("/desk/comments?state=spam").form("/decisions")
    landing = mo.page(str(mo.client.post(form.action, data=form.filled(deed="spam")).location))
    assert reload(app, comment).is_decided
    assert not [one for one in landing.forms if "/decisions" in one.action and "undo" not in one.names]
    undo = landing.form("undo")
    mo.client.post(undo.action, data=undo.filled())
    after = reload(app, comment)
    assert (after.state, after.is_decided, after.lesson) == (before.state, False, None)


def test_a_comment_shows_what_lies_beside_it_and_what_is_said_around_it(app: Flask, mo: SignedIn) -> None:
    top = make_comment(app, text="Die Frage, um die es geht.")
    before = make_comment(app, parent=top, text="Was davor gesagt wurde.")
    first, second, third = (make_comment(app, parent=top, state=State.WAITING) for _ in range(3))
    after = make_comment(app, parent=top, text="Was danach gesagt wurde.")
    page = mo.page(f"/desk/comments/{second.id}")
    assert before.text in page.text
    assert after.text in page.text
    assert [link for link in page.links.values() if link in {f"/desk/comments/{one.id}" for one in (first, third)}]
    assert f"/desk/comments/{first.id}" not in mo.page(f"/desk/comments/{first.id}").links.values()
