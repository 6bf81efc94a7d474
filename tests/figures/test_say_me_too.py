"""“Me too” in two taps: stored once, counted apart, never in the counter."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.kit import tokens
from app.ledger.models import counter
from app.reports.models import MeToo
from tests.locked import locked
from tests.page import Pages

URL = "/places/berlin/me-too"
JSON = {"Accept": "application/json"}


def _stored(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(MeToo)) or 0


def test_without_a_script_a_page_asks_once_more_and_then_it_is_stored(app: Flask, pages: Pages) -> None:
    form = pages.open("/places/berlin?lang=en").form("symptom")
    check = pages.send(form, symptom="sms")
    assert _stored(app) == 0
    assert "Berlin: Texts late or never" in check.text
    answer = pages.post(check.form("symptom"))
    assert (answer.status_code, answer.location) == (303, "/places/berlin/thanks?lang=en")
    assert "Berlin" in pages.open(answer.location).text
    assert _stored(app) == 1


def test_the_same_key_is_stored_once_and_the_counter_stays(app: Flask, pages: Pages) -> None:
    said = {"symptom": "sms", "key": tokens.new_key()}
    for _ in range(3):
        assert pages.client.post(URL, data=said).status_code == 303
    assert pages.client.post("/places/berlin-mitte/me-too", data=said | {"key": tokens.new_key()}).status_code == 303
    with app.app_context():
        found = db.session.scalars(select(MeToo.place_id).order_by(MeToo.id)).all()
        assert found == ["11000000", "11000000/mitte"]
        assert counter() == 0


@pytest.mark.parametrize("symptom", ["", "no_such_symptom"])
def test_a_form_that_says_nothing_comes_back_with_its_fault(app: Flask, pages: Pages, symptom: str) -> None:
    key = tokens.new_key()
    page = pages.read(pages.client.post(URL, data={"symptom": symptom, "key": key}), URL, 422)
    assert page.form("symptom").values["key"] == key
    assert page.with_class("faults")
    refused = pages.client.post(URL, data={"symptom": symptom, "key": key}, headers=JSON)
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["symptom"])
    assert _stored(app) == 0


def test_a_script_is_answered_in_json(pages: Pages) -> None:
    asked = pages.client.post(URL, data={"symptom": "sms"}, headers=JSON).get_json()
    assert asked["check"] is True
    done = pages.client.post(URL, data={"symptom": "sms", "key": asked["key"]}, headers=JSON)
    assert done.get_json()["url"] == "/places/berlin/thanks"


def test_nobody_says_it_of_a_country_and_no_foreign_page_says_it_at_all(app: Flask, pages: Pages) -> None:
    said = {"symptom": "sms", "key": tokens.new_key()}
    for path in ("/places/deutschland/me-too", "/places/bayern/me-too", "/places/nirgendwo/me-too"):
        assert pages.client.post(path, data=said).status_code == 404
    assert pages.client.post(URL, data=said, headers={"Origin": "https://foreign.example"}).status_code == 403
    assert pages.client.get(URL).status_code == 405
    assert not pages.open("/places/bayern").forms
    assert _stored(app) == 0


def test_what_could_not_be_stored_is_kept_until_it_can(app: Flask, pages: Pages) -> None:
    with locked(app):
        answer = pages.client.post(URL, data={"symptom": "sms", "key": "a-key-of-mine"})
        form = pages.read(answer, URL, 503).form("symptom")
    assert int(answer.headers["Retry-After"]) > 0
    assert (form.values["key"], form.lists) == ("a-key-of-mine", {"symptom": ["sms"]})
    assert pages.post(form).status_code == 303
    assert _stored(app) == 1
