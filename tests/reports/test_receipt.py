"""The receipt: all that leads back to a report, for whoever holds it and nobody else."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.kit import tokens
from app.reports.models import Report
from tests.page import Pages
from tests.reports.telling import JSON, URL, said, with_key


@pytest.fixture
def code(client: FlaskClient) -> str:
    """The receipt of Lena's report."""
    told = client.post(URL, data=with_key("a-key-of-its-own"), headers=JSON)
    receipt: str = said(told)["receipt"]
    return receipt


def test_it_says_what_was_told_and_which_number_it_is(pages: Pages, code: str) -> None:
    page = pages.open(f"/reports/{code}?new=1")
    for words in ("Nummer 1.", code, "Daten sehr langsam", "Hamburg, Altona", "HTC Desire", "Bahnhof Altona"):
        assert words in page.text, words


def test_it_shows_whatever_was_told(pages: Pages, client: FlaskClient) -> None:
    sent = with_key(since="weeks", hotline="Sie sagten: „Einzelfall“!", device="N95")
    page = pages.open(str(client.post(URL, data=sent).location))
    for words in ("seit Wochen", "Sie sagten: „Einzelfall“!", "N95"):
        assert words in page.text, words


def test_a_wrong_code_is_not_found(client: FlaskClient, code: str) -> None:
    turned = code[:-1] + ("0" if code[-1] != "0" else "1")
    for wrong in (turned, code[:-1], "0000-0000-0000-0000-0000-0000", "x" * 500, "%00", "ß", "%ED%A0%80"):
        assert client.get(f"/reports/{wrong}").status_code == 404, wrong


@pytest.mark.parametrize("copy", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")])
def test_it_is_read_as_people_copy_it(client: FlaskClient, code: str, copy: object) -> None:
    assert client.get(f"/reports/{copy(code)}").status_code == 200  # type: ignore[operator]


def test_letters_that_look_alike_are_the_same(client: FlaskClient) -> None:
    told = [said(client.post(URL, data=with_key(), headers=JSON))["receipt"] for _ in range(6)]
    for code in told:
        confused = code.replace("0", "o").replace("1", "l").replace("V", "u")
        assert client.get(f"/reports/{confused}").status_code == 200


def test_nobody_keeps_a_copy(client: FlaskClient, code: str) -> None:
    answer = client.get(f"/reports/{code}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "ETag" not in answer.headers
    assert "noindex" in answer.text


def test_it_is_in_no_line_of_the_log(capsys: pytest.CaptureFixture[str], client: FlaskClient, code: str) -> None:
    client.get(f"/reports/{code}")
    client.get(f"/reports/{code.lower()}x")
    client.delete(f"/reports/{code}")
    said = "".join(capsys.readouterr())
    assert said.count('"event": "request"') >= 3
    assert code not in said.upper()


def test_only_its_hash_is_stored(app: Flask, code: str) -> None:
    with app.app_context():
        assert db.session.scalars(select(Report.receipt_hash)).one() == tokens.digest(code)
        db.session.remove()
        db.engine.dispose()
    for file in Path(app.instance_path).iterdir():
        raw = file.read_bytes() if file.is_file() else b""
        assert code.encode() not in raw
        assert b"a-key-of-its-own" not in raw


def test_another_secret_makes_other_receipts() -> None:
    assert tokens.receipt("one secret", "key") != tokens.receipt("another secret", "key")


def test_it_leads_to_another_report_from_the_same_place(pages: Pages, code: str) -> None:
    links = [href for href in pages.open(f"/reports/{code}").links.values() if "place=" in href]
    assert links
    assert pages.open(links[0]).form("reports").values["place"] == "Hamburg"
