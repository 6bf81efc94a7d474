"""Whether it is so: one answer a report, from where the promise is about, by the code on its receipt."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.kit import clock, tokens
from app.ledger.models import Reason
from app.people.models import Member
from app.promises.models import Answer, NotAsked, Promise, PromiseAnswer
from app.reports.models import DecidedMeanwhile, Report, erase
from tests.cast import make_editor, within
from tests.conftest import At
from tests.page import Page, Pages
from tests.promises.told import make_event, make_guest_post, make_promise
from tests.reports.receipts import HAMBURG, STATES, WRONG, change, make_report
from tests.reports.telling import JSON, said
from tests.site.test_pages import queries

DAY = 24 * 60
BERLIN_ID, HAMBURG_ID = "11000000", "02000000"


@pytest.fixture
def eda_herself(app: Flask, posts: Path) -> Member:
    make_guest_post(app, posts)
    return make_editor(app)


@pytest.fixture
def promise(app: Flask, eda_herself: Member) -> Promise:
    """One for Hamburg, said to be done."""
    made = make_promise(app, eda_herself, areas=[HAMBURG_ID])
    make_event(app, made, eda_herself)
    return made


def url(promise: Promise) -> str:
    return f"/promises/{promise.slug}/answers"


def page_of(pages: Pages, promise: Promise) -> Page:
    return pages.open(f"/promises/{promise.slug}?lang=en")


def stored(app: Flask) -> list[Answer]:
    return within(app, lambda: list(db.session.scalars(select(PromiseAnswer.answer))))


def test_a_customer_answers_with_the_code_and_the_latest_answer_counts(
    app: Flask, pages: Pages, promise: Promise
) -> None:
    code = make_report(app)
    form = page_of(pages, promise).form("receipt")
    for value in ("contradicted", "confirmed", "confirmed"):
        answer = pages.post(form, receipt=f" {code.lower()} ", answer=value)
        assert (answer.status_code, answer.location) == (303, f"/promises/{promise.slug}/thanks?lang=en")
        assert answer.cache_control.no_store
        assert stored(app) == [Answer(value)]
    thanks = pages.open(answer.location)
    assert "once a day" in thanks.text
    assert code not in thanks.html


def test_programs_get_the_same_as_json(app: Flask, client: FlaskClient, promise: Promise) -> None:
    code = make_report(app)
    told = client.post(url(promise), data={"receipt": code, "answer": "confirmed"}, headers=JSON)
    assert (told.status_code, said(told)["answer"], said(told)["promise"]) == (200, "confirmed", promise.slug)
    assert code not in told.text + str(told.headers)
    refused = client.post(url(promise), data={"receipt": WRONG}, headers=JSON)
    assert (refused.status_code, sorted(said(refused)["errors"])) == (422, ["answer", "receipt"])


def test_the_receipt_asks_of_the_claims_in_scope_and_shows_what_was_answered(
    app: Flask, pages: Pages, promise: Promise, eda_herself: Member
) -> None:
    elsewhere = make_promise(app, eda_herself, sentence="Das kostet z. B. in Berlin viel Geld.", areas=[BERLIN_ID])
    make_event(app, elsewhere, eda_herself)
    code = make_report(app)
    page = pages.open(f"/reports/{code}?lang=en")
    assert [form.action for form in page.forms if "/promises/" in form.action] == [f"{url(promise)}?lang=en"]
    form = page.form("answers")
    assert form.buttons == [("answer", "confirmed"), ("answer", "contradicted")]
    answer = pages.post(form, answer="contradicted")
    assert answer.location == f"/reports/{code}?done=answered&lang=en#promises"
    (mine,) = pages.open(answer.location.partition("#")[0]).with_class("is-said")
    assert mine.get("value") == "contradicted"


@pytest.mark.parametrize("where", sorted(set(STATES) - {"counted", "returned"}))
def test_a_report_that_does_not_count_is_neither_asked_nor_heard(
    app: Flask, pages: Pages, promise: Promise, where: str
) -> None:
    code = STATES[where](app)
    form = page_of(pages, promise).form("receipt")
    refused = pages.send(form, 422, receipt=code, answer="confirmed")
    assert refused.by_id("answer-receipt-fault").text
    assert refused.form("receipt").values["receipt"] == code
    assert refused.form("receipt").lists["answer"] == ["confirmed"]
    assert stored(app) == []
    assert "/promises/" not in pages.open(f"/reports/{code}").main.text
    assert not any("/promises/" in form.action for form in pages.open(f"/reports/{code}").forms)


def test_each_refusal_says_what_is_wrong_at_its_field(
    app: Flask, pages: Pages, promise: Promise, eda_herself: Member
) -> None:
    form = page_of(pages, promise).form("receipt")
    gone, elsewhere = make_report(app), make_report(app, told=HAMBURG.__class__(symptoms=("sms",), place="Berlin"))
    change(app, gone, erase)
    for code, words in ((gone, "erased"), (elsewhere, "other places"), (WRONG, "No report has this code")):
        page = pages.send(form, 422, receipt=code, answer="confirmed")
        assert words in page.by_id("answer-receipt-fault").text
        assert page.title.startswith("Error:")
    page = pages.send(form, 422, receipt=make_report(app), answer="perhaps")
    assert page.by_id("answer-answer-fault").text
    make_event(app, promise, eda_herself, "postpone", said_on=clock.today(), due_words="next year")
    assert not any(form.action.startswith(url(promise)) for form in page_of(pages, promise).forms)
    page = pages.send(form, 422, receipt=make_report(app), answer="confirmed")
    assert "nothing to answer" in page.by_id("answer-answer-fault").text
    assert stored(app) == []


def test_every_unknown_code_asks_the_database_the_same_and_keeps_no_writer_waiting(
    app: Flask, client: FlaskClient, promise: Promise
) -> None:
    make_report(app)
    answers, asked = set(), set()
    for code in (WRONG, "x", "0" * 300, "ß" * 24, "' OR 1=1 --", tokens.receipt("another secret", "key")):
        with queries(app) as statements:
            refused = client.post(url(promise), data={"receipt": code, "answer": "confirmed"}, headers=JSON)
        answers.add((refused.status_code, refused.text))
        asked.add(tuple(statements))
    assert len(answers) == len(asked) == 1
    assert not [one for one in asked.pop() if one.startswith(("BEGIN IMMEDIATE", "INSERT", "UPDATE"))]


def test_a_form_on_another_site_and_a_promise_that_is_not_there_are_refused(
    app: Flask, client: FlaskClient, promise: Promise
) -> None:
    data = {"receipt": make_report(app), "answer": "confirmed"}
    assert client.post(url(promise), data=data, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/promises/no-such-promise/answers", data=data).status_code == 404
    assert stored(app) == []


def test_an_answer_goes_into_the_export_and_with_the_report(
    on_each: Flask, client: FlaskClient, promise: Promise, at: At
) -> None:
    code = make_report(on_each)
    assert client.get(f"/reports/{code}/export.json").get_json()["promise_answers"] == []
    client.post(url(promise), data={"receipt": code, "answer": "confirmed"})
    at(DAY)
    client.post(url(promise), data={"receipt": code, "answer": "contradicted"})
    assert client.get(f"/reports/{code}/export.json").get_json()["promise_answers"] == [
        {"promise": promise.slug, "answer": "contradicted", "on": clock.today().isoformat()}
    ]
    change(on_each, code, erase)
    assert stored(on_each) == []


def test_the_verb_itself_refuses_whoever_is_not_asked(on_each: Flask, promise: Promise) -> None:
    here, there = make_report(on_each), make_report(on_each, told=HAMBURG.__class__(symptoms=("sms",), place="Berlin"))

    def say(code: str) -> None:
        report = Report.told_before(code)
        assert report
        PromiseAnswer.say(db.session.get_one(Promise, promise.id), report, Answer.CONFIRMED)

    within(on_each, lambda: say(here))
    with pytest.raises(NotAsked):
        within(on_each, lambda: say(there))
    change(on_each, here, lambda report: report.uncount(Reason.SPAM))
    with pytest.raises(DecidedMeanwhile):
        within(on_each, lambda: say(here))
    assert within(on_each, lambda: db.session.scalar(select(func.count()).select_from(PromiseAnswer))) == 1


def test_what_was_said_before_a_new_claim_is_no_answer_to_it(
    app: Flask, pages: Pages, promise: Promise, eda_herself: Member, at: At
) -> None:
    code = make_report(app)
    pages.client.post(url(promise), data={"receipt": code, "answer": "contradicted"})
    make_event(app, promise, eda_herself, "postpone", said_on=clock.today(), due_words="bald")
    at(DAY)
    make_event(app, promise, eda_herself, said_on=clock.today())
    assert pages.open(f"/reports/{code}").with_class("is-said") == []
    assert promise.made_on < clock.today() - timedelta(days=1)


def test_no_code_reaches_the_log(
    app: Flask, client: FlaskClient, promise: Promise, capfd: pytest.CaptureFixture[str]
) -> None:
    code = make_report(app)
    for receipt in (code, WRONG):
        client.post(url(promise), data={"receipt": receipt, "answer": "confirmed"})
    logged = "".join(capfd.readouterr())
    assert "/promises/<slug>/answers" in logged
    assert code not in logged
    assert WRONG not in logged
