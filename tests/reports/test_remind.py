"""A reminder in the reporter's own calendar: no address has to be left for it."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from app.kit import clock
from tests.reports.receipts import HAMBURG, STATES, make_report, tell
from tests.reports.telling import URL


def lines(client: FlaskClient, code: str, lang: str = "en") -> list[str]:
    answer = client.get(f"{URL}/{code}/reminder.ics?lang={lang}")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=report")
    return answer.get_data(as_text=True).replace("\r\n ", "").split("\r\n")


def test_it_leads_back_to_the_receipt_in_four_weeks(client: FlaskClient) -> None:
    code = tell(client)
    found = lines(client, code)
    assert f"URL:http://localhost:8000/reports/{code}?lang=en" in found
    assert f"DTSTART;VALUE=DATE:{clock.today() + timedelta(weeks=4):%Y%m%d}" in found
    assert next(line for line in found if line.startswith("DTSTAMP")).endswith("00Z"), "no second is told"
    assert any("Hamburg" in line for line in found if line.startswith("SUMMARY"))


def test_downloaded_again_it_is_the_same_entry_and_another_report_has_another(app: Flask, client: FlaskClient) -> None:
    first, other = STATES["counted"](app), STATES["held"](app)
    uids = [[line for line in lines(client, code) if line.startswith("UID")] for code in (first, first, other)]
    assert uids[0] == uids[1] != uids[2]
    assert first not in uids[0][0]


def test_a_place_typed_as_an_attack_is_only_words(app: Flask, client: FlaskClient) -> None:
    code = make_report(app, told=replace(HAMBURG, place="Köln\r\nEND:VEVENT\r\nX:;,\\"))
    found = lines(client, code)
    assert found.count("END:VEVENT") == 1
    assert not [line for line in found if line.startswith("X")]
