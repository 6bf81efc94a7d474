"""Keys end to end: however often one report arrives, it is one record; equal words of two people are two."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.config import campaign
from app.extensions import db
from app.kit import clock
from app.ledger import models as ledger
from app.reports.forms import AHEAD, claimed_moment
from app.reports.models import Report
from app.reports.models.report import rows
from tests.page import Pages
from tests.reports.telling import JSON, URL, said, with_key

Ask = Callable[[Callable[[], Any]], Any]
KEY = "one-and-the-same"


def claims(ask: Ask) -> list[datetime | None]:
    """What the stored reports claim."""
    return list(ask(lambda: list(db.session.scalars(select(Report.claimed_at).order_by(Report.id)))))


def ago(hours: float) -> str:
    """A moment as the device says it: ISO 8601, to the minute."""
    return (clock.now() - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%MZ")


def test_twenty_retries_are_one_report_with_one_receipt(
    database: str, request: pytest.FixtureRequest, ask: Ask
) -> None:
    client: FlaskClient = request.getfixturevalue("client")
    answers = [client.post(URL, data=with_key(KEY, claimed_at=ago(n)), headers=JSON) for n in range(20)]
    assert len({(said(answer)["receipt"], said(answer)["url"], said(answer)["number"]) for answer in answers}) == 1
    assert ask(rows) == ask(ledger.counter) == 1


def test_a_double_click_is_one_report(pages: Pages, ask: Ask) -> None:
    form = pages.open("/reports/new").form("reports")
    first, second = (pages.post(form, symptoms=["no_data"], place="Mannheim") for _ in range(2))
    assert first.location == second.location
    assert ask(rows) == 1


def test_two_tabs_with_the_same_restored_draft_are_one_report(pages: Pages, ask: Ask) -> None:
    one, other = (pages.open("/reports/new").form("reports") for _ in range(2))
    assert one.values["key"] != other.values["key"]
    first = pages.post(one, symptoms=["no_data"], place="Mannheim", key="the-key-of-the-draft")
    second = pages.post(other, symptoms=["no_data"], place="Mannheim", key="the-key-of-the-draft")
    assert first.location == second.location
    assert ask(rows) == 1


def test_a_report_from_the_outbox_meets_the_one_whose_answer_was_lost(client: FlaskClient, ask: Ask) -> None:
    lost = said(client.post(URL, data=with_key(KEY), headers=JSON))
    late = said(client.post(URL, data=with_key(KEY, claimed_at=ago(5)), headers=JSON))
    assert (late["receipt"], late["number"]) == (lost["receipt"], lost["number"])
    assert ask(rows) == 1
    assert claims(ask) == [None], "what was stored first stands"


def test_a_key_that_was_refused_first_is_stored_once_it_is_mended(client: FlaskClient, ask: Ask) -> None:
    assert client.post(URL, data=with_key(KEY, place=""), headers=JSON).status_code == 422
    mended = [client.post(URL, data=with_key(KEY), headers=JSON).status_code for _ in range(2)]
    assert mended == [200, 200]
    assert ask(rows) == 1


def test_equal_words_of_two_people_are_two_records(client: FlaskClient, ask: Ask) -> None:
    anna, ben = (said(client.post(URL, data=with_key(), headers=JSON)) for _ in range(2))
    assert anna["receipt"] != ben["receipt"]
    assert [anna["number"], ben["number"]] == [1, 2]
    assert ask(rows) == ask(ledger.counter) == 2


def test_the_moment_of_pressing_is_kept_as_a_claim_and_moves_nothing_else(client: FlaskClient, ask: Ask) -> None:
    client.post(URL, data=with_key(claimed_at="2011-11-24T10:02:37+01:00"))
    assert claims(ask) == [datetime(2011, 11, 24, 9, 2, tzinfo=UTC)], "to the minute"
    report = ask(lambda: db.session.scalars(select(Report)).one())
    assert clock.now() - report.told_at < timedelta(minutes=5)
    assert ask(lambda: db.session.scalars(select(Report)).one().is_what_was_counted())


@pytest.mark.parametrize(
    "claim",
    ["", "yesterday", "2011-11-24T10:00", "2011-02-30T10:00Z", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"],
    ids=["none", "words", "no zone", "no day", "before the calendar", "after it"],
)
def test_a_claim_that_cannot_be_read_is_ignored(client: FlaskClient, ask: Ask, claim: str) -> None:
    assert client.post(URL, data=with_key(claimed_at=claim)).status_code == 303
    assert claims(ask) == [None]


@pytest.mark.parametrize(("hours", "is_kept"), [(-25, False), (-23, True), (0.1, True), (300_000, False)])
def test_a_claim_from_the_future_or_before_the_campaign_is_ignored(
    client: FlaskClient, ask: Ask, hours: float, is_kept: bool
) -> None:
    client.post(URL, data=with_key(claimed_at=ago(hours)))
    assert [claim is not None for claim in claims(ask)] == [is_kept]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(claim=st.one_of(st.text(max_size=40), st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat())))
def test_whatever_a_device_claims_lies_within_the_campaign(app: Flask, claim: str) -> None:
    with app.app_context():
        moment = claimed_moment(claim)
        if moment is not None:
            assert campaign().since <= moment.astimezone(clock.BERLIN).date()
            assert moment <= clock.now() + AHEAD
            assert (moment.utcoffset(), moment.second, moment.microsecond) == (timedelta(0), 0, 0)


def test_the_claim_is_among_the_values_that_are_kept(pages: Pages, ask: Ask) -> None:
    claim = ago(3)
    page = pages.read(pages.client.post(URL, data=with_key(KEY, place="", claimed_at=claim)), URL, 422)
    assert page.form("reports").values["claimed_at"] == claim
    checked = pages.read(pages.client.post(URL, data=with_key(claimed_at=claim) | {"key": ""}), URL)
    assert checked.form("reports").values["claimed_at"] == claim
    assert ask(rows) == 0
