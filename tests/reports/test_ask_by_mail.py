"""An address for one question: kept apart, used once, then gone from everywhere."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.ledger.models import Reason
from app.mail.models import Letter
from app.reports.jobs import ask_follow_up_questions
from app.reports.models import Question, withdraw
from tests.cast import letters_to, make_question, within
from tests.conftest import At
from tests.desk.rooms import counts
from tests.page import Pages
from tests.reports.receipts import EMAIL, STATES, address, answers, change, do, make_report, tell
from tests.reports.telling import JSON, URL, said

DAY = 24 * 60
WEEKS = 7 * DAY
LINK = re.compile(r"^https?://\S+(/reports/questions/\S+)\s*$", re.M)


@pytest.fixture
def asked(database: str, request: pytest.FixtureRequest) -> tuple[Flask, str]:
    """A report whose address is due, on each database."""
    app: Flask = request.getfixturevalue("app")
    at: At = request.getfixturevalue("at")
    at(0)
    code = make_report(app)
    do(app.test_client(), code, "contact")
    at(4 * WEEKS)
    return app, code


def ask(app: Flask) -> None:
    """What the clock does once a day."""
    with app.app_context():
        ask_follow_up_questions.now()


def everything(app: Flask) -> str:
    """All that the database holds."""
    with app.app_context():
        return str([db.session.execute(table.select()).all() for table in db.metadata.sorted_tables])


def link(app: Flask) -> str:
    return [match.group(1) for letter in letters_to(app, EMAIL) if (match := LINK.search(letter))][-1]


def test_an_address_is_kept_apart_until_the_day_and_can_be_taken_away(app: Flask, pages: Pages) -> None:
    code = tell(pages.client)
    form = pages.open(f"{URL}/{code}").form("email")
    assert pages.post(form, email=f" {EMAIL} ").status_code == 303
    assert address(app, code) == EMAIL
    page = pages.open(f"{URL}/{code}")
    assert "l…@reader.example" in page.text
    assert said(pages.client.get(f"{URL}/{code}", headers=JSON))["has_contact"]
    assert pages.post(page.form("removals")).status_code == 303
    assert address(app, code) is None


@pytest.mark.parametrize("email", ["", "lena", "lena@reader", "a b@c.example", f"{'l' * 250}@reader.example"])
def test_what_is_no_address_is_refused_and_kept_in_the_field(app: Flask, pages: Pages, email: str) -> None:
    code = tell(pages.client)
    page = pages.read(do(pages.client, code, "contact", {"email": email}), f"{URL}/{code}", 422)
    assert page.title.startswith("Fehler:")
    assert page.form("email").values["email"] == email
    assert page.by_id("contact-email-fault").text
    assert address(app, code) is None
    as_json = pages.client.post(f"{URL}/{code}/contact", data={"email": email}, headers=JSON)
    assert (as_json.status_code, list(said(as_json)["errors"])) == (422, ["email"])


def test_the_question_is_asked_once_and_the_address_is_gone_everywhere(asked: tuple[Flask, str]) -> None:
    app, code = asked
    ask(app)
    ask(app)
    assert address(app, code) is None
    (letter,) = letters_to(app, EMAIL)
    assert LINK.search(letter)
    for told in (code, "Altona", "Hamburg", "Seit Wochen"):
        assert told not in letter, "a letter is read by others too"
    sent = within(app, lambda: db.session.scalars(select(Letter)).one())
    assert (sent.to, sent.text) == ("", "")
    assert EMAIL not in everything(app)


def test_nobody_is_asked_before_the_day(app: Flask, client: FlaskClient, at: At) -> None:
    at(0)
    code = make_report(app)
    do(client, code, "contact")
    at(4 * WEEKS - DAY)
    ask(app)
    assert (address(app, code), letters_to(app, EMAIL)) == (EMAIL, [])
    assert EMAIL in everything(app)


def test_a_day_that_was_missed_is_made_up_for(asked: tuple[Flask, str], at: At) -> None:
    app, _code = asked
    at(6 * WEEKS)
    ask(app)
    assert len(letters_to(app, EMAIL)) == 1


@pytest.mark.parametrize("deed", [withdraw, lambda report: report.uncount(Reason.SPAM)], ids=["withdrawn", "taken out"])
def test_of_what_does_not_count_the_address_is_let_go_unasked(asked: tuple[Flask, str], deed: object) -> None:
    app, code = asked
    change(app, code, deed)  # type: ignore[arg-type]  # a verb of the report
    ask(app)
    assert (address(app, code), letters_to(app, EMAIL)) == (None, [])


def test_the_link_shows_the_place_and_nothing_else(asked: tuple[Flask, str]) -> None:
    app, code = asked
    ask(app)
    pages, path = Pages(app.test_client()), link(app)
    before, page = counts(app), pages.open(path)
    assert "Hamburg" in page.heading
    for told in (code, "Altona", "Seit Wochen", "Nummer 1", EMAIL):
        assert told not in page.html
    assert [value for _, value in page.form("answers").buttons] == ["works", "better", "same", "worse"]
    for method in ("GET", "HEAD"):
        assert app.test_client().open(f"{path}?answer=works", method=method).status_code == 200
    assert counts(app) == before, "machines open links in letters"


def test_an_answer_is_stored_once_and_uses_the_link_up(asked: tuple[Flask, str]) -> None:
    app, code = asked
    ask(app)
    pages = Pages(app.test_client())
    form = pages.open(link(app)).form("answers")
    pages.read(pages.post(form, answer="great"), form.action, 422)
    first = pages.post(form, answer="works")
    assert first.status_code == 303
    pages.open(first.location)
    pages.read(pages.post(form, answer="worse"), form.action, 410)
    assert answers(app, code) == ["works"]
    pages.open(link(app), 410)


def test_used_old_and_invented_links_get_the_same_answer(app: Flask, client: FlaskClient, at: At) -> None:
    at(0)
    code = make_report(app)
    used, old = make_question(app, code), make_question(app, code)
    client.post(f"/reports/questions/{used}/answers", data={"answer": "works"})
    at(60 * DAY)
    assert client.get(f"/reports/questions/{old}").status_code == 200
    at(61 * DAY)
    seen = {_body(client, f"/reports/questions/{one}") for one in (used, old, "no-such-link")}
    assert len(seen) == 1
    late = client.post(f"/reports/questions/{old}/answers", data={"answer": "works"}, headers=JSON)
    assert (late.status_code, bool(said(late)["error"])) == (410, True)
    assert within(app, Question.forget_old) == 1
    assert within(app, lambda: db.session.scalars(select(Question)).all()) == []


def test_a_report_that_was_taken_back_or_erased_asks_nothing_any_more(app: Flask, client: FlaskClient) -> None:
    code = make_report(app)
    question = make_question(app, code)
    change(app, code, withdraw)
    assert client.post(f"/reports/questions/{question}/answers", data={"answer": "works"}).status_code == 410
    do(client, code, "erasures")
    assert client.get(f"/reports/questions/{question}").status_code == 410


@pytest.mark.parametrize("where", ["withdrawn", "taken out", "refused"])
def test_no_address_is_taken_for_what_does_not_count(app: Flask, client: FlaskClient, where: str) -> None:
    code = STATES[where](app)
    do(client, code, "contact")
    assert address(app, code) is None


def _body(client: FlaskClient, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.text.replace(answer.headers["X-Request-Id"], "").replace(path, "")
