"""The database cannot take a report: 503, when to come back, every value kept; sent again it counts once."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, ExceptionContext, event

from app import extensions
from app.ledger import models as ledger
from app.reports.models.report import rows
from tests.cast import make_post, read_posts
from tests.locked import locked
from tests.page import Pages
from tests.reports.telling import JSON, LENA, URL, said, with_key


def test_every_value_is_kept_until_it_can_be_stored(app: Flask, pages: Pages) -> None:
    sent = with_key("a-key-of-its-own")
    with locked(app):
        answer = pages.client.post(URL, data=sent)
        page = pages.read(answer, URL, 503)
    assert int(answer.headers["Retry-After"]) > 0
    form = page.form("reports")
    assert form.values["key"] == "a-key-of-its-own"
    assert {name: form.values[name] for name in LENA if name != "symptoms"} | form.lists == LENA

    first, again = pages.post(form), pages.post(form)
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    with app.app_context():
        assert rows() == ledger.counter() == 1


def test_the_page_that_says_so_does_not_wait_for_the_database_again(app: Flask, pages: Pages) -> None:
    waited: list[str] = []

    def note(context: ExceptionContext) -> None:
        waited.append(str(context.original_exception))

    event.listen(Engine, "handle_error", note)
    try:
        with locked(app):
            assert pages.client.post(URL, data=with_key()).status_code == 503
    finally:
        event.remove(Engine, "handle_error", note)
    (only,) = waited
    assert "lock" in only


def test_a_form_with_a_fault_is_refused_with_its_values_even_then(app: Flask, pages: Pages) -> None:
    with locked(app):
        page = pages.read(pages.client.post(URL, data=with_key(place="", text="Was ich schrieb")), URL, 422)
    assert page.form("reports").values["text"] == "Was ich schrieb"


def test_a_report_without_a_key_is_checked_even_then(app: Flask, pages: Pages) -> None:
    with locked(app):
        assert pages.read(pages.client.post(URL, data=LENA), URL).form("reports").values["key"]


def test_a_script_is_told_as_json(app: Flask, client: FlaskClient) -> None:
    with locked(app):
        answer = client.post(URL, data=with_key(), headers=JSON)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert said(answer)["error"]


def test_readers_notice_nothing(app: Flask, pages: Pages) -> None:
    make_post(Path(app.extensions["settings"].posts))
    read_posts(app)
    with locked(app):
        for path in ("/", "/posts/netz", "/reports/new"):
            pages.open(path)
        assert said(pages.client.get("/counter.json"))["count"] == 0


def test_a_comment_is_kept_in_the_same_way(app: Flask, pages: Pages) -> None:
    make_post(Path(app.extensions["settings"].posts))
    read_posts(app)
    sent = {"key": "a-key-of-its-own", "name": "Lena", "text": "Bei mir auch.", "parent": "17"}
    with locked(app):
        answer = pages.client.post("/posts/netz/comments", data=sent)
        form = pages.read(answer, "/posts/netz/comments", 503).form("comments")
    assert int(answer.headers["Retry-After"]) > 0
    assert {name: form.values[name] for name in sent} == sent
    assert pages.post(form).status_code == 303


@pytest.mark.sqlite("spoils the file; tests/web/test_lose_postgresql.py tells of the other one")
def test_a_database_that_is_gone_is_an_outage_not_a_fault(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        extensions.db.engine.dispose()
    (Path(app.instance_path) / "einzelfall.sqlite").write_bytes(b"no database" * 1000)
    answer = client.post(URL, data=with_key())
    assert answer.status_code == 503
    assert "Seit Wochen geht am Bahnhof" in answer.text
    assert client.get("/").status_code == 503
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
