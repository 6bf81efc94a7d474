"""What all deeds on a receipt share: each works once however often it is sent, for its owner only, or not at all."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.ledger.models import Reason
from app.reports.models import DecidedMeanwhile
from tests.desk.rooms import counts
from tests.locked import locked
from tests.page import Pages
from tests.reports.receipts import DEEDS, STATES, WRONG, answers, assert_true, change, do, ledger_says, row, state, tell
from tests.reports.telling import JSON, URL, said

OWNED = ("", "/corrections/new", "/export.json", "/reminder.ics")


def ready_for(app: Flask, client: FlaskClient, deed: str) -> str:
    """A report on which the deed can be done."""
    code = STATES["withdrawn" if deed == "returns" else "counted"](app)
    if deed == "contact/removals":
        do(client, code, "contact")
    return code


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_done_twice_is_done_once(database: str, request: pytest.FixtureRequest, deed: str) -> None:
    app: Flask = request.getfixturevalue("app")
    client: FlaskClient = request.getfixturevalue("client")
    code = ready_for(app, client, deed)
    first = do(client, code, deed)
    assert first.status_code == 303
    before = counts(app)
    again = do(client, code, deed)
    assert (again.status_code, again.location) == (303, again.location) if deed != "erasures" else (410, None)
    assert counts(app) == before
    assert_true(app, 0 if deed in {"withdrawals", "erasures"} else 1)


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_does_it_without_the_code_or_from_another_site(app: Flask, client: FlaskClient, deed: str) -> None:
    code = ready_for(app, client, deed)
    before = counts(app)
    assert do(client, WRONG, deed).status_code == 404
    assert do(client, code[:-1], deed).status_code == 404
    foreign = {"Origin": "https://elsewhere.example"}
    assert client.post(f"{URL}/{code}/{deed}", data=DEEDS[deed], headers=foreign).status_code == 403
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        assert client.open(f"{URL}/{code}/{deed}", method=method).status_code == 405
    assert counts(app) == before


@pytest.mark.parametrize("deed", DEEDS)
def test_when_nothing_can_be_stored_all_of_it_can_be_sent_again(app: Flask, pages: Pages, deed: str) -> None:
    code = ready_for(app, pages.client, deed)
    before, path = counts(app), f"{URL}/{code}/{deed}"
    with locked(app):
        answer = pages.client.post(f"{path}?lang=en", data=DEEDS[deed])
        as_json = pages.client.post(path, data=DEEDS[deed], headers=JSON)
        form = pages.read(answer, path, 503).form(f"/{deed}")
    assert int(answer.headers["Retry-After"]) > 0
    assert (as_json.status_code, bool(said(as_json)["error"])) == (503, True)
    assert counts(app) == before
    sent = [(one["name"], one.get("value")) for one in form.element.all("input")]
    pairs = [(name, one) for name, many in DEEDS[deed].items() for one in (many if isinstance(many, list) else [many])]
    assert sent == pairs
    again = pages.client.post(form.action, data={name: [v for n, v in sent if n == name] for name, _ in sent})
    assert again.status_code == 303
    assert "lang=en" in again.location


@pytest.mark.parametrize("where", STATES)
def test_whatever_state_it_is_in_the_ledger_holds(app: Flask, client: FlaskClient, where: str) -> None:
    """A deed that is not possible changes nothing and leads back; what the desk took out stays out."""
    counted = 0
    for deed in DEEDS:
        code = STATES[where](app)
        answer = do(client, code, deed)
        assert answer.status_code == 303
        after = state(app, code)
        counted += after == "counted"
        assert_true(app, counted)
        if where in {"taken out", "refused"} and deed != "erasures":
            assert after == {"taken out": "uncounted", "refused": "refused"}[where]
            assert answers(app, code) == []
        assert client.get(answer.location).status_code == 200


def test_a_withdrawn_report_is_counted_again_and_a_held_one_waits_again(app: Flask, client: FlaskClient) -> None:
    counted, held = STATES["counted"](app), STATES["held"](app)
    for code, away, back in ((counted, "uncounted", "counted"), (held, "refused", "held")):
        assert do(client, code, "withdrawals", {}).status_code == 200, "it asks once"
        assert state(app, code) == back
        do(client, code, "withdrawals")
        assert state(app, code) == away
        do(client, code, "returns")
        assert state(app, code) == back
    assert ledger_says(app) == ["counted", "uncounted withdrawn", "recounted"]


def test_many_deeds_at_once_leave_a_true_ledger(database: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue("app")
    code = STATES["counted"](app)
    void = partial(change, app, code, lambda report: report.uncount(Reason.SPAM))
    work = [partial(do, app.test_client(), code, deed) for deed in DEEDS if deed != "erasures"] * 5
    random.Random(database).shuffle(work)

    def at_the_desk() -> None:
        with suppress(DecidedMeanwhile):
            void()

    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(deed) for deed in work[:15]]
        desk = pool.submit(at_the_desk)
        sent += [pool.submit(deed) for deed in work[15:]]
    desk.result()
    assert {one.result().status_code for one in sent} == {303}
    assert_true(app, state(app, code) == "counted")
    with ThreadPoolExecutor(8) as pool:
        codes = [one.status_code for one in pool.map(lambda _: do(app.test_client(), code, "erasures"), range(8))]
    assert sorted(codes) == [303] + [410] * 7
    assert_true(app, 0)


def test_scripts_are_asked_and_told_as_json(app: Flask, client: FlaskClient) -> None:
    code = tell(client)
    asked = client.post(f"{URL}/{code}/withdrawals", headers=JSON)
    assert (asked.status_code, said(asked)) == (200, {"check": True, "values": {"sure": "yes"}})
    done = client.post(f"{URL}/{code}/withdrawals", data=said(asked)["values"], headers=JSON)
    assert (done.status_code, said(done)["state"]) == (200, "uncounted")
    assert code in said(done)["url"]


def test_looking_changes_nothing(app: Flask, client: FlaskClient) -> None:
    code = tell(client)
    before = counts(app)
    for path in OWNED:
        for method in ("GET", "HEAD"):
            answer = client.open(f"{URL}/{code}{path}?answer=works&sure=yes&email=a@b.example", method=method)
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), path
    assert counts(app) == before


def test_every_page_of_it_is_gone_after_an_erasure_and_unknown_to_others(app: Flask, client: FlaskClient) -> None:
    code = tell(client)
    for path in OWNED:
        assert client.get(f"{URL}/{WRONG}{path}").status_code == 404, path
    do(client, code, "erasures")
    for path in OWNED:
        assert client.get(f"{URL}/{code}{path}").status_code == 410, path
    assert [do(client, code, deed).status_code for deed in DEEDS] == [410] * len(DEEDS)
    assert row(app, code) is None
