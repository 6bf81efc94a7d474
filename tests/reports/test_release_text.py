"""A reporter's own words: on no public page before a person released them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.ledger.models import Reason
from app.reports.models import Report, TextState
from tests.cast import SignedIn
from tests.reports.telling import URL, with_key

WORDS = "Zwischen Nordbahnhof und Kiosk verstummt mein Telefon"


@pytest.fixture
def report(app: Flask, client: FlaskClient) -> int:
    client.post(URL, data=with_key(text=WORDS, device="Planetenfunkgerät", hotline="Planetenausrede"))
    return 1


def _public(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and not rule.rule.startswith("/desk"):
            yield rule.rule


def _where(app: Flask, client: FlaskClient, words: str) -> set[str]:
    return {path for path in _public(app) if words in client.get(path).text}


def _decide(app: Flask, report: int, state: TextState) -> None:
    with app.app_context():
        db.session.get_one(Report, report).decide_text(state)
        db.session.commit()


def test_nobody_reads_them_before(app: Flask, client: FlaskClient, report: int) -> None:
    assert len(list(_public(app))) > 12
    assert _where(app, client, WORDS) == set()


def test_readers_see_them_after(app: Flask, client: FlaskClient, report: int) -> None:
    _decide(app, report, TextState.RELEASED)
    assert _where(app, client, WORDS) == {"/"}


@pytest.mark.parametrize("state", [TextState.WITHHELD, TextState.WAITING])
def test_a_release_can_be_undone(app: Flask, client: FlaskClient, report: int, state: TextState) -> None:
    _decide(app, report, TextState.RELEASED)
    _decide(app, report, state)
    assert _where(app, client, WORDS) == set()


def test_words_of_a_report_that_does_not_count_are_not_shown(app: Flask, client: FlaskClient, report: int) -> None:
    _decide(app, report, TextState.RELEASED)
    with app.app_context():
        db.session.get_one(Report, report).uncount(Reason.SPAM)
        db.session.commit()
    assert _where(app, client, WORDS) == set()


def test_device_and_hotline_are_never_shown(app: Flask, client: FlaskClient, report: int) -> None:
    _decide(app, report, TextState.RELEASED)
    assert _where(app, client, "Planeten") == set()


def test_markup_in_released_words_is_only_words(app: Flask, client: FlaskClient) -> None:
    client.post(URL, data=with_key(text="<script>alert(1)</script> kein Netz"))
    _decide(app, 1, TextState.RELEASED)
    assert "<script>alert(1)" not in client.get("/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; kein Netz" in client.get("/").text


NUMBER = "0171 2345678"


def test_a_number_in_released_words_is_on_no_page_and_the_one_who_releases_sees_it_marked(
    app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    client.post(URL, data=with_key(text=f"{WORDS}. Ruft an: {NUMBER}."))
    page = mo.page("/desk/texts?lang=en")
    assert [mark.text for mark in page.root.all("mark")] == [NUMBER]
    assert "[phone number removed]" in page.text
    _decide(app, 1, TextState.RELEASED)
    assert _where(app, client, WORDS) == {"/"}
    assert _where(app, client, NUMBER) == set()
    assert "[phone number removed]" in client.get("/?lang=en").text
