"""How it is now: said on the receipt in one tap, again whenever it changes."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.reports.models import Answer
from tests.conftest import At
from tests.page import Pages
from tests.reports.receipts import STATES, answers, do, tell
from tests.reports.telling import JSON, URL, said

DAY = 24 * 60


def test_each_of_four_buttons_is_one_answer(app: Flask, pages: Pages) -> None:
    code = tell(pages.client)
    form = pages.open(f"{URL}/{code}").form("follow-ups")
    assert [value for _, value in form.buttons] == [answer.value for answer in Answer]
    for _, value in form.buttons:
        assert pages.post(form, answer=value).status_code == 303
    assert answers(app, code) == [answer.value for answer in Answer]


def test_todays_answer_is_shown_and_yesterdays_is_history(app: Flask, pages: Pages, at: At) -> None:
    code = STATES["counted"](app)
    do(pages.client, code, "follow-ups", {"answer": "same"})
    page = pages.open(f"{URL}/{code}")
    assert [button.get("value") for button in page.with_class("is-said")] == ["same"]
    at(DAY)
    page = pages.open(f"{URL}/{code}")
    assert page.with_class("is-said") == []
    assert len(list(page.with_class("said")[0].all("li"))) == 1
    do(pages.client, code, "follow-ups", {"answer": "same"})
    assert answers(app, code) == ["same", "same"], "the same on another day is another answer"


@pytest.mark.parametrize("answer", ["", "great", "WORKS", "works\0", "x" * 5000])
def test_an_answer_that_was_not_offered_is_refused(app: Flask, pages: Pages, answer: str) -> None:
    code = tell(pages.client)
    refused = do(pages.client, code, "follow-ups", {"answer": answer})
    page = pages.read(refused, f"{URL}/{code}?lang=en", 422)
    assert page.by_id("answer-fault").text
    assert answers(app, code) == []
    as_json = pages.client.post(f"{URL}/{code}/follow-ups", data={"answer": answer}, headers=JSON)
    assert (as_json.status_code, sorted(said(as_json)["errors"])) == (422, ["answer"])


@pytest.mark.parametrize("where", ["held", "withdrawn", "taken out", "refused"])
def test_what_does_not_count_has_no_answers(app: Flask, client: FlaskClient, where: str) -> None:
    code = STATES[where](app)
    assert "done=nothing" in do(client, code, "follow-ups").location
    assert answers(app, code) == []
