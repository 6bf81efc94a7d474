"""The same strings as reports and as what is searched for."""

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
from tests.site.attacks import assert_harmless, make_target, one_of_each_kind, packed, read_attacks, send_all

FIELDS = ("place", "district", "device", "text")
TOLD = {"symptoms": "sms", "place": "Berlin"}


@pytest.fixture(autouse=True)
def _a_target(app: Flask, environ: dict[str, str]) -> None:
    make_target(app, environ["EINZELFALL_POSTS"])


def test_no_report_runs_breaks_a_page_or_fails(app: Flask, client: FlaskClient, shared: Path) -> None:
    attacks = read_attacks(shared)
    kinds, texts = one_of_each_kind(attacks), packed(attacks, TEXT_MAX)
    alone = list(send_all(client, "/reports", kinds, lambda attack: TOLD | dict.fromkeys(FIELDS, attack)))
    together = list(send_all(client, "/reports", texts, lambda text: TOLD | {"text": text}))
    assert {status for _, status in alone + together} <= {303, 422}
    with app.app_context():
        waiting = list(db.session.scalars(select(Report.text).where(Report.text_state == TextState.WAITING)))
        db.session.execute(update(Report).values(text_state=TextState.RELEASED))
        db.session.commit()
    assert len(waiting) > (len(kinds) + len(texts)) * 0.9
    everything = "\n".join(waiting)
    lost = [attack for attack in attacks if len(attack) < TEXT_MAX and clean(attack) not in everything]
    assert lost == []
    assert_harmless(client.get("/").text, "/")


def test_every_string_comes_through_every_field_as_it_is_or_is_refused_there(app: Flask, shared: Path) -> None:
    with app.test_request_context():
        for attack in read_attacks(shared):
            form = ReportForm(MultiDict({"symptoms": "sms"} | dict.fromkeys(FIELDS, attack)))
            form.validate()
            told = form.told()
            assert {told.place, told.district, told.device} == {one_line(attack)}
            assert told.text == clean(attack)
            refused = {field for field in FIELDS if len(getattr(told, field)) > (TEXT_MAX if field == "text" else 120)}
            assert set(form.errors) - {"key"} == refused | ({"place"} if not told.place else set())


def test_no_search_runs_or_fails(client: FlaskClient, shared: Path) -> None:
    for number, attack in enumerate(one_of_each_kind(read_attacks(shared))):
        assert client.get("/places/suggest", query_string={"q": attack}).status_code == 200
        if number % 3 == 0:
            new = client.get("/reports/new", query_string={"place": attack})
            assert new.status_code == 200
            if number % 30 == 0:
                assert_harmless(new.text, f"form {number}")
