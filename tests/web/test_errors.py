"""Every error is a calm page in the reader's language, with a number to ask about."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.page import Pages
from tests.reports.telling import JSON, URL, said, with_key

SECRET = "Frau Mustermann, Altona"


@pytest.fixture(autouse=True)
def broken(app: Flask) -> None:
    """A page that breaks."""

    def page() -> str:
        raise ValueError(SECRET)

    app.add_url_rule("/broken", "broken", page, methods=["GET", "POST"])


def _provoke(client: FlaskClient, code: int, lang: str, headers: dict[str, str] | None = None) -> TestResponse:
    paths = {404: "/no/such/page", 405: "/imprint", 413: URL, 500: "/broken", 403: URL}
    data = {413: {"text": "x" * 70_000}, 403: {}, 405: {}}.get(code)
    method = "GET" if data is None else "POST"
    more = {"Origin": "https://elsewhere.example"} if code == 403 else {}
    return client.open(f"{paths[code]}?lang={lang}", method=method, data=data, headers={**more, **(headers or {})})


@pytest.mark.parametrize("code", [403, 404, 405, 413, 500])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_it_is_a_calm_page(pages: Pages, code: int, lang: str) -> None:
    answer = _provoke(pages.client, code, lang)
    page = pages.read(answer, "/", code)
    assert page.lang == lang
    assert answer.headers["X-Request-Id"] in page.text
    assert str(code) in page.text
    for word in ("Traceback", "Werkzeug", "Error", SECRET):
        assert word not in page.text
    for path in ("/imprint", "/privacy", "/accessibility"):
        assert any(href.startswith(path) for href in page.links.values()), path
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("code", [403, 404, 405, 413, 500])
def test_both_languages_say_it_in_their_own_words(client: FlaskClient, code: int) -> None:
    german, english = (said(_provoke(client, code, lang, JSON)) for lang in ("de", "en"))
    assert german["error"] != english["error"]
    assert german["message"] != english["message"]


@pytest.mark.parametrize("code", [403, 404, 405, 413, 500])
def test_scripts_get_it_as_json(client: FlaskClient, code: int) -> None:
    answer = _provoke(client, code, "de", JSON)
    assert answer.status_code == code
    assert said(answer)["request_id"] == answer.headers["X-Request-Id"]
    assert SECRET not in answer.text


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    assert "GET" in client.post("/imprint").headers["Allow"]
    assert "POST" in client.delete(URL).headers["Allow"]


def test_an_error_under_a_page_leads_to_no_page_in_the_other_language_that_fails(client: FlaskClient) -> None:
    for code in (403, 404, 405, 413, 500):
        answer = _provoke(client, code, "en")
        assert 'hreflang="de"' in answer.text
        assert client.get(answer.text.split('<li><a href="')[-1].split('"')[0]).status_code < 500


def test_whoever_sends_too_much_is_told_when_to_come_back(app: Flask, client: FlaskClient) -> None:
    assert client.post(URL, data=with_key()).status_code == 303
    with closing(sqlite3.connect(Path(app.instance_path) / "limits.sqlite")) as limits, limits:
        assert limits.execute("UPDATE hit SET count = 1000000000").rowcount == 1
    answer = client.post(URL, data=with_key(), headers=JSON)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert json.loads(answer.text)["error"]


def test_what_broke_is_logged_without_what_people_wrote(
    capsys: pytest.CaptureFixture[str], app: Flask, client: FlaskClient
) -> None:
    answer = client.get("/broken")
    said_ = "".join(capsys.readouterr())
    assert '"event": "request_failed"' in said_
    assert '"error": "ValueError"' in said_
    assert "test_errors.py:" in said_
    assert answer.headers["X-Request-Id"] in said_
    assert SECRET not in said_
