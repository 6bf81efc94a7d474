"""Appealing: once a decision, looked at by somebody else if there is somebody else, with an outcome that is told."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Appeal, Comment, State
from app.comments.models.appeal import LONGEST, AppealState
from app.extensions import db
from app.kit import tokens
from app.people.models import Decision
from tests.cast import EDA, SignedIn, make_moderator, within
from tests.comments.own import decided, newest, told, wrote
from tests.comments.test_read_thread import queries
from tests.page import Pages

WHY = "Das ist keine Werbung, das ist mein Anbieter."


def appeals(app: Flask) -> list[Appeal]:
    return within(app, lambda: list(db.session.scalars(db.select(Appeal).order_by(Appeal.id))))


@pytest.fixture
def removed(app: Flask, client: FlaskClient, mo: SignedIn) -> str:
    """The private page of a comment that Mo removed at the desk."""
    page = wrote(client, app)
    decided(app, State.PUBLISHED)
    form = mo.page(f"/desk/comments/{newest(app).id}").form("seen")
    mo.post(form.action, {**form.values, "deed": "remove", "reason": "Werbung", "csrf_token": mo.token})
    return page


def test_an_appeal_waits_at_the_desk_with_what_was_decided(
    removed: str, app: Flask, pages: Pages, eda: SignedIn
) -> None:
    form = pages.open(removed).form("appeals")
    assert pages.post(form, text=WHY).location == f"{removed}?done=appealed"
    shown = eda.page("/desk/appeals")
    assert WHY in shown.text
    assert "Werbung" in shown.text
    assert "Mo" in shown.text
    assert WHY in eda.page(f"/desk/comments/{newest(app).id}").text
    assert WHY in pages.open(removed).text


def test_granted_it_publishes_the_comment_and_its_writer_learns_so(
    removed: str, app: Flask, pages: Pages, eda: SignedIn
) -> None:
    pages.client.post(f"{removed}/appeals", data={"text": WHY})
    form = eda.page("/desk/appeals").form("answer")
    eda.post(form.action, {**form.values, "deed": "grant", "answer": "Stimmt."})
    assert newest(app).state == State.PUBLISHED
    assert "Du hattest recht" in pages.open(removed).text
    assert told(pages.client, removed)["appeals"][0]["is"] == "granted"
    assert "Niemand" in eda.page("/desk/appeals").text


def test_who_answers_an_appeal_that_is_decided_keeps_the_answer(
    removed: str, app: Flask, pages: Pages, eda: SignedIn
) -> None:
    pages.client.post(f"{removed}/appeals", data={"text": WHY})
    form = eda.page("/desk/appeals").form("answer")
    sent = {**form.values, "deed": "reject", "answer": "Es bleibt dabei."}
    assert [eda.post(form.action, sent).status_code for _ in range(2)] == [303, 303], "sent twice it leads on"
    late = eda.post(form.action, {**sent, "answer": "Ich sehe es anders."})
    assert (late.status_code, "Ich sehe es anders." in late.text) == (409, True)


def test_rejected_it_needs_a_reason_which_its_writer_reads(
    removed: str, app: Flask, pages: Pages, eda: SignedIn
) -> None:
    pages.client.post(f"{removed}/appeals", data={"text": WHY})
    form = eda.page("/desk/appeals").form("answer")
    eda.post(form.action, {"deed": "reject", "answer": ""})
    assert appeals(app)[0].state == AppealState.OPEN
    eda.post(form.action, {"deed": "reject", "answer": "Der Link führt zu einem Shop."})
    assert newest(app).state == State.REMOVED
    assert "Der Link führt zu einem Shop." in pages.open(removed).text
    assert "appeal-reject" in str(told_decisions(app))


def told_decisions(app: Flask) -> list[str]:
    return within(app, lambda: [one.deed for one in db.session.scalars(db.select(Decision))])


def test_whoever_decided_first_leaves_it_to_somebody_else(
    removed: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    make_moderator(app, EDA, "Eda")
    client.post(f"{removed}/appeals", data={"text": WHY})
    assert not mo.page("/desk/appeals").with_class("decide")
    mo.post(f"/desk/appeals/{appeals(app)[0].id}/decisions", {"deed": "grant", "seen": "removed", "edits": "0"})
    assert newest(app).state == State.REMOVED
    assert appeals(app)[0].state == AppealState.OPEN


def test_who_is_alone_at_the_desk_decides_after_all(
    removed: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    client.post(f"{removed}/appeals", data={"text": WHY})
    form = mo.page("/desk/appeals").form("answer")
    mo.post(form.action, {**form.values, "deed": "grant"})
    assert newest(app).state == State.PUBLISHED


def test_once_a_decision_and_again_after_another_one(removed: str, app: Flask, pages: Pages, eda: SignedIn) -> None:
    for _ in range(2):
        assert pages.client.post(f"{removed}/appeals", data={"text": WHY}).status_code == 303
    assert len(appeals(app)) == 1
    form = eda.page("/desk/appeals").form("answer")
    eda.post(form.action, {**form.values, "deed": "grant"})
    form = eda.page(f"/desk/comments/{newest(app).id}").form("seen")
    eda.post(form.action, {**form.values, "deed": "remove", "reason": "Neu", "csrf_token": eda.token})
    pages.post(pages.open(removed).form("appeals"), text="Noch einmal.")
    assert len(appeals(app)) == 2


def test_spam_that_a_person_found_can_be_appealed_and_what_judges_found_cannot(
    app: Flask, client: FlaskClient, pages: Pages
) -> None:
    page = wrote(client, app, website="https://pills.example")
    assert client.post(f"{page}/appeals", data={"text": WHY}).location == f"{page}?done=nothing"
    decided(app, State.SPAM)
    pages.post(pages.open(page).form("appeals"), text=WHY)
    assert len(appeals(app)) == 1


@pytest.mark.parametrize("text", ["", "x" * (LONGEST + 1)])
def test_a_faulty_appeal_is_refused_and_kept(removed: str, app: Flask, pages: Pages, text: str) -> None:
    page = pages.send(pages.open(removed).form("appeals"), 422, text=text)
    assert page.title.startswith("Fehler:")
    assert page.form("appeals").values["text"] == text
    assert appeals(app) == []


def test_an_appeal_against_a_decision_that_is_undone_changes_nothing_more(
    removed: str, app: Flask, client: FlaskClient, eda: SignedIn
) -> None:
    client.post(f"{removed}/appeals", data={"text": WHY})
    client.post(f"{removed}/erasures", data={"sure": "yes"})
    assert appeals(app) == [], "nothing of it is left"
    assert eda.get("/desk/appeals").status_code == 200


def test_many_appeals_are_listed_with_as_many_questions_as_one(
    removed: str, app: Flask, client: FlaskClient, mo: SignedIn, eda: SignedIn
) -> None:
    asked = []
    for more in (0, 2):
        pages = [wrote(client, app) for _ in range(more)]
        for page in pages:
            decide_at_desk(app, mo, page)
        for page in pages or [removed]:
            assert client.post(f"{page}/appeals", data={"text": WHY}).location == f"{page}?done=appealed"
        eda.page("/desk/appeals")
        with queries(app) as found:
            assert len(eda.page("/desk/appeals").with_class("item")) == 1 + more
        asked.append(len(found))
    assert asked[0] == asked[1]


def decide_at_desk(app: Flask, mo: SignedIn, page: str) -> None:
    """Mo removes it."""
    code = tokens.read_receipt(page.rpartition("/")[2])
    id_ = within(app, lambda: db.session.scalars(db.select(Comment.id).filter_by(link_hash=tokens.digest(code))).one())
    form = mo.page(f"/desk/comments/{id_}").form(f"/{id_}/decisions")
    mo.post(form.action, {**form.values, "deed": "remove", "reason": "Werbung", "csrf_token": mo.token})


def test_granting_publishes_no_words_that_nobody_at_the_desk_has_seen(
    removed: str, app: Flask, client: FlaskClient, mo: SignedIn, eda: SignedIn
) -> None:
    client.post(f"{removed}/appeals", data={"text": WHY})
    seen = eda.page("/desk/appeals").form("answer")
    decide_again(app, mo, "wait")
    client.post(f"{removed}/edits", data={"text": "Das hat niemand gesehen."})
    for form in (seen, eda.page("/desk/appeals").form("answer")):
        eda.post(form.action, {**form.values, "deed": "grant"})
        assert newest(app).state == State.WAITING
        assert appeals(app)[0].state == AppealState.OPEN
    assert all(one.get("value") != "grant" for one in eda.page("/desk/appeals").root.all("button"))
    assert eda.post(seen.action, {"deed": "grant"}).status_code == 400


def test_an_appeal_against_one_decision_undoes_no_other(
    removed: str, app: Flask, client: FlaskClient, mo: SignedIn, eda: SignedIn
) -> None:
    client.post(f"{removed}/appeals", data={"text": WHY})
    form = eda.page("/desk/appeals").form("answer")
    for deed in ("wait", "remove"):
        decide_again(app, mo, deed)
    eda.post(form.action, {**form.values, "deed": "grant"})
    assert newest(app).state == State.REMOVED


def test_what_was_published_by_another_way_is_granted_without_a_deed(
    removed: str, app: Flask, client: FlaskClient, mo: SignedIn, eda: SignedIn
) -> None:
    client.post(f"{removed}/appeals", data={"text": WHY})
    decide_again(app, mo, "publish")
    form = eda.page("/desk/appeals").form("answer")
    eda.post(form.action, {**form.values, "deed": "grant"})
    assert (newest(app).state, appeals(app)[0].state) == (State.PUBLISHED, AppealState.GRANTED)


def decide_again(app: Flask, mo: SignedIn, deed: str) -> None:
    """Mo does something else with the newest comment."""
    form = mo.page(f"/desk/comments/{newest(app).id}").form("seen")
    mo.post(form.action, {**form.values, "deed": deed, "reason": "Werbung"})
