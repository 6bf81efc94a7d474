"""The same strings as reports and as what is searched for."""

from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.reports.forms import TEXT_MAX, ReportForm
from app.reports.models import Report, TextState
from app.web.submission import clean, one_line
from tests.hostile.strings import alone, every_string, together
from tests.site.attacks import assert_harmless, make_target, send_all

FIELDS = ("place", "district", "device", "text")
TOLD = {"symptoms": "sms", "place": "Berlin"}


@pytest.fixture(autouse=True)
def _a_target(app: Flask, environ: dict[str, str]) -> None:
    make_target(app, environ["EINZELFALL_POSTS"])


def test_no_report_runs_breaks_a_page_or_fails(app: Flask, client: FlaskClient, shared: Path) -> None:
    kinds = every_string(shared)
    singles, texts = alone(kinds), together(kinds, TEXT_MAX)
    by_one = list(send_all(client, "/reports", singles, lambda attack: TOLD | dict.fromkeys(FIELDS, attack)))
    by_many = list(send_all(client, "/reports", texts, lambda text: TOLD | {"text": text}))
    assert {status for _, status in by_one + by_many} <= {303, 422}
    with app.app_context():
        waiting = list(db.session.scalars(select(Report.text).where(Report.text_state == TextState.WAITING)))
        db.session.execute(update(Report).values(text_state=TextState.RELEASED))
        db.session.commit()
    assert len(waiting) > (len(singles) + len(texts)) * 0.9
    everything = "\n".join(waiting)
    short = [one for many in kinds.values() for one in many if len(one) < TEXT_MAX]
    lost = [one for one in short if clean(one) not in everything]
    assert lost == []
    assert_harmless(client.get("/").text, "/")


def test_every_string_comes_through_every_field_as_it_is_or_is_refused_there(app: Flask, shared: Path) -> None:
    with app.test_request_context():
        for attack in chain(*every_string(shared).values()):
            form = ReportForm(MultiDict({"symptoms": "sms"} | dict.fromkeys(FIELDS, attack)))
            form.validate()
            told = form.told()
            assert {told.place, told.district, told.device} == {one_line(attack)}
            assert told.text == clean(attack)
            refused = {field for field in FIELDS if len(getattr(told, field)) > (TEXT_MAX if field == "text" else 120)}
            assert set(form.errors) - {"key"} == refused | ({"place"} if not told.place else set())


def test_no_search_runs_or_fails(client: FlaskClient, shared: Path) -> None:
    for number, attack in enumerate(alone(every_string(shared))):
        assert client.get("/places/suggest", query_string={"q": attack}).status_code == 200
        if number % 3 == 0:
            new = client.get("/reports/new", query_string={"place": attack})
            assert new.status_code == 200
            if number % 30 == 0:
                assert_harmless(new.text, f"form {number}")
