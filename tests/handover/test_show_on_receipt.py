"""The owner of a receipt reads whether and as what a report left the house."""

import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.handover.models import Record
from app.reports.models import Report, withdraw
from tests.cast import make_editor, within
from tests.handover.making import hand_over, propose, tell_crowd
from tests.page import Pages
from tests.reports.receipts import change, make_report


def said(client: FlaskClient, code: str) -> Any:  # Any: JSON values
    """What the export says of the handover."""
    return json.loads(client.get(f"/reports/{code}/export.json").data)["handover"]


def records(app: Flask) -> int:
    return within(app, lambda: db.session.query(Record).count())


def test_a_report_that_left_says_as_what(app: Flask, pages: Pages, client: FlaskClient) -> None:
    code = tell_crowd(app)[0]
    number = hand_over(app)
    record = within(app, lambda: db.session.scalar(select(Record).join(Report).where(Report.id == 1)))
    assert record
    page = pages.open(f"/reports/{code}?lang=en")
    assert "Yes, to O2 on" in page.text
    shown = "Berlin, Mitte · November 2011" + (" · No data connection" if record.symptoms else "")
    assert shown in page.text
    assert page.links["What is handed over, and what not"] == f"/handovers/{number}?lang=en"
    told = said(client, code)
    assert (told["number"], told["to"], told["area"], told["period"]) == (number, "O2", record.area_id, "2011-11")
    assert (told["symptoms"], told["with_words"]) == (record.symptoms, False)
    assert told["entry"] == 20


def test_a_report_that_counts_waits_also_while_it_is_only_proposed(
    app: Flask, pages: Pages, client: FlaskClient
) -> None:
    code = tell_crowd(app)[0]
    assert "waits for the next handover" in pages.open(f"/reports/{code}?lang=en").text
    propose(app, make_editor(app))
    assert records(app)
    assert "waits for the next handover" in pages.open(f"/reports/{code}?lang=en").text
    assert said(client, code) is None


def test_a_report_that_does_not_count_says_nothing_of_it(app: Flask, pages: Pages) -> None:
    code = make_report(app, held=True)
    assert "handed-over" not in pages.open(f"/reports/{code}").html


def test_what_left_is_told_also_when_it_was_withdrawn_later(app: Flask, pages: Pages) -> None:
    code = tell_crowd(app)[0]
    hand_over(app)
    change(app, code, withdraw)
    assert "Yes, to O2 on" in pages.open(f"/reports/{code}?lang=en").text
