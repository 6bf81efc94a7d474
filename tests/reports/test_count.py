"""The counter: one true number, in pages and for machines."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.ledger.models import Reason
from app.reports.models import Report
from tests.page import Pages
from tests.reports.telling import URL, said, with_key


def test_it_says_the_count_and_its_time(client: FlaskClient) -> None:
    answer = client.get("/counter.json")
    assert sorted(said(answer)) == ["as_of", "count"]
    assert said(answer)["count"] == 0
    assert datetime.fromisoformat(said(answer)["as_of"]).tzinfo
    assert answer.mimetype == "application/json"


def test_anybody_may_keep_it_for_a_second(client: FlaskClient) -> None:
    answer = client.get("/counter.json")
    assert answer.cache_control.public
    assert answer.cache_control.max_age == 1
    assert "Set-Cookie" not in answer.headers


def test_who_has_it_is_told_that_nothing_moved(client: FlaskClient) -> None:
    etag = client.get("/counter.json").headers["ETag"]
    again = client.get("/counter.json", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    client.post(URL, data=with_key())
    moved = client.get("/counter.json", headers={"If-None-Match": etag})
    assert (moved.status_code, said(moved)["count"]) == (200, 1)


def test_a_compressed_page_is_asked_for_again_too(client: FlaskClient) -> None:
    packed = {"Accept-Encoding": "br"}
    first = client.get("/", headers=packed)
    assert first.headers["Content-Encoding"] == "br"
    assert client.get("/", headers=packed | {"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_report_moves_it_everywhere_at_once(client: FlaskClient, pages: Pages) -> None:
    for number in (1, 2, 3):
        client.post(URL, data=with_key())
        assert said(client.get("/counter.json"))["count"] == number
        shown = [e for e in pages.open("/").root.all("data") if "data-counter" in e.attributes]
        assert {e["value"] for e in shown} == {str(number)}


def test_what_is_not_stored_does_not_move_it(client: FlaskClient) -> None:
    client.post(URL, data=with_key(place=""))
    data = with_key()
    data.pop("key")
    client.post(URL, data=data)
    assert said(client.get("/counter.json"))["count"] == 0


def test_a_report_taken_out_moves_it_back(app: Flask, client: FlaskClient) -> None:
    client.post(URL, data=with_key())
    with app.app_context():
        db.session.get_one(Report, 1).uncount(Reason.SPAM)
        db.session.commit()
    assert said(client.get("/counter.json"))["count"] == 0


def test_its_digits_are_quiet_for_screen_readers(pages: Pages) -> None:
    shown = [e for e in pages.open("/").root.all("data") if "data-counter" in e.attributes]
    assert shown
    assert all(e["aria-live"] == "off" for e in shown)
