"""Telling: from the form to a row, a number, a place's tally and a ledger entry."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.ledger import models as ledger
from app.reports.models import PlaceState, Report, Source, TextState
from app.reports.models.report import rows
from tests.ledger.telling import faults
from tests.page import Pages
from tests.reports.telling import JSON, LENA, URL, by_place, said, with_key

Ask = Callable[[Callable[[], Any]], Any]
HAMBURG = "de-2911298"
BIDI = "\u202eab\u202c"


def _one() -> Report:
    return db.session.scalars(select(Report)).one()


def test_a_report_is_stored_as_it_was_told(client: FlaskClient, ask: Ask) -> None:
    answer = client.post(URL, data=with_key())
    assert answer.status_code == 303
    report = ask(_one)
    told = (report.symptoms, report.place, report.district, report.since, report.hotline, report.device, report.text)
    assert told == tuple(LENA.values())
    assert (report.number, report.source, report.text_state) == (1, Source.FORM, TextState.WAITING)
    assert ask(lambda: _one().is_what_was_counted())


def test_the_same_key_is_stored_once_and_gets_the_same_receipt(client: FlaskClient, ask: Ask) -> None:
    first = client.post(URL, data=with_key("one-and-the-same"))
    again = client.post(URL, data=with_key("one-and-the-same", text="Now with other words."))
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert ask(rows) == 1


def test_a_key_that_is_known_needs_no_form_any_more(client: FlaskClient) -> None:
    first = client.post(URL, data=with_key("one-and-the-same"))
    assert client.post(URL, data={"key": "one-and-the-same"}).location == first.location


def test_different_keys_with_the_same_words_are_two_reports(client: FlaskClient, ask: Ask) -> None:
    first, other = client.post(URL, data=with_key()), client.post(URL, data=with_key())
    assert first.location != other.location
    assert ask(rows) == ask(ledger.counter) == 2


def test_twenty_at_once_with_one_key_are_one_report(app: Flask, ask: Ask) -> None:
    def send(_: int) -> tuple[int, str | None]:
        answer = app.test_client().post(URL, data=with_key("one-and-the-same"))
        return answer.status_code, answer.location

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(send, range(20)))
    assert len(answers) == 1
    assert answers.pop()[0] == 303
    assert ask(rows) == ask(ledger.counter) == 1


def test_twenty_at_once_with_their_own_keys_are_twenty(app: Flask, ask: Ask) -> None:
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: app.test_client().post(URL, data=with_key()).status_code, range(20)))
    assert found == [303] * 20
    assert ask(rows) == ask(ledger.counter) == 20
    assert ask(faults) == []


def test_one_key_at_once_on_postgresql_is_one_report(
    cluster: Any, empty_postgres: str, environ: dict[str, str], request: pytest.FixtureRequest
) -> None:
    environ["EINZELFALL_DATABASE_URL"] = cluster.new_database(empty_postgres)
    app: Flask = request.getfixturevalue("app")
    with ThreadPoolExecutor(8) as pool:
        sent = pool.map(lambda _: app.test_client().post(URL, data=with_key("one-and-the-same")).location, range(8))
        assert len(set(sent)) == 1
    with app.app_context():
        assert rows() == ledger.counter() == 1


def test_without_a_key_nothing_is_stored_but_checked_first(pages: Pages, client: FlaskClient, ask: Ask) -> None:
    page = pages.read(client.post(URL, data=LENA), URL)
    assert ask(rows) == 0
    form = page.form("reports")
    assert form.values["key"]
    for name in ("place", "district", "since", "hotline", "device", "text"):
        assert form.values[name] == LENA[name]
    assert "Daten sehr langsam" in page.text
    assert "Seit Wochen geht am Bahnhof Altona nichts mehr." in page.text


def test_the_check_page_sent_once_more_stores_the_report(pages: Pages, client: FlaskClient, ask: Ask) -> None:
    form = pages.read(client.post(URL, data=LENA), URL).form("reports")
    answer = client.post(form.action, data=_hidden(form))
    assert answer.status_code == 303
    report = ask(_one)
    assert report.symptoms == LENA["symptoms"]
    assert report.text == LENA["text"]


def test_each_check_page_carries_a_fresh_key(pages: Pages, client: FlaskClient) -> None:
    keys = {pages.read(client.post(URL, data=LENA), URL).form("reports").values["key"] for _ in range(3)}
    assert len(keys) == 3


def test_the_form_on_its_own_page_carries_a_fresh_key(pages: Pages, client: FlaskClient, ask: Ask) -> None:
    keys = {pages.open("/reports/new").form("reports").values["key"] for _ in range(3)}
    assert len(keys) == 3
    assert client.get("/reports/new").headers["Cache-Control"] == "no-store"
    form = pages.open("/reports/new").form("reports")
    assert pages.post(form, symptoms=["no_data"], place="Mannheim").status_code == 303
    assert ask(rows) == 1


def test_the_form_on_shared_pages_carries_none(pages: Pages) -> None:
    assert pages.open("/").form("reports").values["key"] == ""


@pytest.mark.parametrize(("typed", "meant"), [("Hamburg", HAMBURG), ("HH", HAMBURG), ("hamburg", HAMBURG)])
def test_a_place_is_understood_as_people_type_it(client: FlaskClient, ask: Ask, typed: str, meant: str) -> None:
    client.post(URL, data=with_key(place=typed))
    report = ask(_one)
    assert (report.place, report.place_state) == (typed, PlaceState.KNOWN)
    assert ask(by_place) == {report.place_id: 1}


def test_an_unknown_place_is_kept_as_typed_and_waits(client: FlaskClient, ask: Ask) -> None:
    client.post(URL, data=with_key(place="Hinter den sieben Bergen"))
    report = ask(_one)
    assert (report.place, report.place_id) == ("Hinter den sieben Bergen", None)
    assert report.place_state is PlaceState.WAITING
    assert ask(by_place) == {}


def test_a_report_without_words_has_nothing_to_release(client: FlaskClient, ask: Ask) -> None:
    client.post(URL, data=with_key(text="   \n "))
    assert ask(_one).text_state is TextState.NONE


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Kein\0 Netz", "Kein Netz"),
        ("Kein \x0bNetz\x1b", "Kein Netz"),
        (f"Ganz {BIDI} normal", f"Ganz {BIDI} normal"),
        ("<script>alert(1)</script> & <kein Netz>", "<script>alert(1)</script> & <kein Netz>"),
        ("Zeile 1\r\nZeile 2\rZeile 3", "Zeile 1\nZeile 2\nZeile 3"),
        ("📵" * 1000, "📵" * 1000),
        ("' OR 1=1; DROP TABLE report; --", "' OR 1=1; DROP TABLE report; --"),
    ],
    ids=["nul", "control", "bidi", "markup", "lines", "astral", "sql"],
)
def test_odd_characters_lose_nothing_one_can_see(
    pages: Pages, client: FlaskClient, ask: Ask, sent: str, kept: str
) -> None:
    answer = client.post(URL, data=with_key(text=sent))
    assert answer.status_code == 303
    assert ask(_one).text == kept
    assert " ".join(kept.split()) in pages.open(str(answer.location)).text


def test_broken_unicode_is_no_error(client: FlaskClient, ask: Ask) -> None:
    body = b"key=a-key-of-its-own&symptoms=no_data&place=Berlin&text=%ED%A0%80%FF+Netz"
    answer = client.post(URL, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 303
    assert ask(_one).text.endswith("Netz")


@pytest.mark.parametrize("source", ["Netz", "N" * 2000])
def test_words_up_to_the_limit_are_taken(client: FlaskClient, source: str) -> None:
    assert client.post(URL, data=with_key(text=source)).status_code == 303


def test_a_script_gets_the_same_as_json(client: FlaskClient, ask: Ask) -> None:
    check = client.post(URL, data=LENA, headers=JSON)
    assert check.status_code == 200
    assert said(check) == {"check": True, "key": said(check)["key"], "values": LENA | {"claimed_at": ""}}
    told = client.post(URL, data=LENA | {"key": said(check)["key"]}, headers=JSON)
    assert told.status_code == 200
    assert said(told)["number"] == 1
    assert said(told)["receipt"] in said(told)["url"]
    assert told.headers["Cache-Control"] == "no-store"
    assert client.get(said(told)["url"]).status_code == 200
    assert ask(rows) == 1


def _hidden(form: Any) -> dict[str, object]:
    """What a browser sends for a form of hidden inputs, repeated names included."""
    sent: dict[str, list[str]] = {}
    for control in form.element.all("input"):
        sent.setdefault(control["name"], []).append(control.get("value"))
    return dict(sent)
