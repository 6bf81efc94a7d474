"""Who cannot be let in is told so from memory, at once, and keeps what was typed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from errno import EMFILE
from math import inf
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.cache import middleware, page_cache
from app.kit.meter import meter
from app.surge import seats
from app.surge.gate import SEATS, SENT_AWAY, WRITER_SEATS, Gate
from tests.cast import TEXT, make_post
from tests.comments.reader import URL, filled, stored
from tests.page import Page
from tests.server import eventually
from tests.surge.pressing import pressure_of

HOSTILE = '"><script>alert(1)</script>{{here}}{{fields}}'


@pytest.fixture
def gate(app: Flask, posts: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    make_post(posts)
    monkeypatch.setattr(seats, "STALL", 0.05)
    found: Gate = app.extensions["gate"]
    return found


@pytest.fixture
def stalled(gate: Gate) -> Iterator[Gate]:
    """All seats of writers are taken, and nobody gets up."""
    yield from _occupy(gate, writers=WRITER_SEATS, readers=0)


@pytest.fixture
def full(gate: Gate) -> Iterator[Gate]:
    """There is no seat for readers either."""
    yield from _occupy(gate, writers=WRITER_SEATS, readers=SEATS - WRITER_SEATS)


def _occupy(gate: Gate, writers: int, readers: int) -> Iterator[Gate]:
    inside, ends = gate._app, Event()

    def stuck(_environ: object, _start: object) -> list[bytes]:
        ends.wait(60)
        return []

    gate._app = stuck
    with ThreadPoolExecutor(writers + readers) as pool:
        for method in ["POST"] * writers + ["GET"] * readers:
            pool.submit(gate, {"REQUEST_METHOD": method, "PATH_INFO": "/"}, lambda *_: lambda _: None)
        eventually(lambda: gate.seats.taken == writers + readers, "all seats are taken")
        gate._app = inside
        yield gate
        ends.set()


def _page(answer: TestResponse) -> Page:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert len(answer.data) == int(answer.headers["Content-Length"])
    return Page(answer.text, "/")


def test_a_form_keeps_all_that_was_typed_and_works_when_sent_again(
    app: Flask, stalled: Gate, client: FlaskClient
) -> None:
    data = {**filled(app), "text": f"{TEXT}\nZeile zwei: {HOSTILE} & Grüße"}
    form = _page(client.post(f"{URL}?x={HOSTILE}", data=data)).form("text")
    assert {name: value.replace("\r\n", "\n") for name, value in form.values.items()} == data
    assert stored(app) == []
    stalled.writers._number += 1
    stalled.seats._number += 1
    assert client.post(form.action, data=form.values).status_code == 303
    assert [comment.text for comment in stored(app)] == [data["text"]]


def test_a_form_is_kept_where_not_even_the_page_of_an_error_can_be_made(
    app: Flask, gate: Gate, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.busy.make()
    data = filled(app)
    with monkeypatch.context() as nothing_opens:
        nothing_opens.setattr("app.web.errors.render_template", _fail)
        nothing_opens.setattr("sqlalchemy.engine.Connection.execute", _fail)
        form = _page(client.post(URL, data=data)).form("text")
    assert form.values == data
    assert stored(app) == []
    assert client.post(form.action, data=form.values).status_code == 303
    assert len(stored(app)) == 1


def _fail(*_: object, **__: object) -> NoReturn:
    raise OSError(EMFILE, "Too many open files")


def test_the_page_is_in_the_language_that_was_asked_for(stalled: Gate, client: FlaskClient) -> None:
    assert _page(client.post(URL)).lang == "de"
    assert _page(client.post(f"{URL}?lang=en")).lang == "en"


def test_scripts_are_told_in_json(stalled: Gate, client: FlaskClient) -> None:
    answer = client.post(URL, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    assert answer.headers["Retry-After"]
    assert answer.get_json()["error"]


@pytest.mark.parametrize("header", [{"Origin": "https://stranger.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_the_form_of_a_strangers_page_is_not_given_one_of_ours(
    stalled: Gate, client: FlaskClient, header: dict[str, str]
) -> None:
    answer = client.post(URL, data={"text": "Fremd"}, headers=header)
    assert not _page(answer).forms
    assert "Fremd" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"data": b"\xff\xfe=%ff&&&=;", "content_type": "application/x-www-form-urlencoded"},
        {
            "data": "&".join(f"f{number}=x" for number in range(5_000)).encode(),
            "content_type": "application/x-www-form-urlencoded",
        },
        {"data": b"{", "content_type": "application/json"},
        {"data": b"--x", "content_type": "multipart/form-data; boundary=x"},
    ],
)
def test_odd_forms_are_sent_away_as_calmly(stalled: Gate, client: FlaskClient, body: dict[str, Any]) -> None:
    _page(client.post(f"{URL}?{'a=b&' * 500}", **body))


def test_readers_are_let_in_while_writers_are_stuck(stalled: Gate, client: FlaskClient) -> None:
    assert client.get("/posts/netz").status_code == 200


def test_without_any_seat_readers_are_asked_to_try_again(full: Gate, client: FlaskClient) -> None:
    page = _page(client.get(f"/posts/netz?lang=en&x={HOSTILE}"))
    assert page.links["Try again"].startswith("/posts/netz?lang=en&x=")
    assert not list(page.root.all("script"))
    assert client.head("/posts/netz").data == b""
    assert client.get("/healthz").status_code == 200


def test_a_path_that_looks_like_another_site_stays_on_this_one(full: Gate, client: FlaskClient) -> None:
    for path in ("//stranger.example/x", "/\\stranger.example", "///stranger.example"):
        links = _page(client.get(path, headers={"Accept-Language": "de"})).links
        assert all(link.startswith("/") and not link.startswith(("//", "/\\")) for link in links.values()), links


def test_who_is_sent_away_is_pressure(stalled: Gate, app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    before = meter.together(tmp_path).counts[SENT_AWAY, ()]
    assert not pressure_of(app).is_on
    client.post(URL)
    assert pressure_of(app).is_on
    assert meter.together(tmp_path).counts[SENT_AWAY, ()] == before + 1


def test_nobody_waits_for_another_one_s_page_while_the_database_is_silent(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "WAIT", 40)
    cache = page_cache(app)
    cache.versions.is_blind, cache.versions.next_look = True, inf
    began = monotonic()
    with cache._flights.board(("/imprint", "")):  # somebody makes it and does not come back
        assert client.get("/imprint").status_code == 200
    assert monotonic() - began < middleware.WAIT
