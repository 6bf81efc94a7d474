"""The same strings as reports, as names and as what is searched for."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.extensions import db
from app.reports.models import Report, TextState
from tests.site.attacks import assert_harmless, make_target, read_attacks, send_all


@pytest.fixture(autouse=True)
def _a_target(app: Flask, environ: dict[str, str]) -> None:
    make_target(app, environ["EINZELFALL_POSTS"])


def test_no_report_runs_breaks_a_page_or_fails(app: Flask, client: FlaskClient, shared: Path) -> None:
    attacks = read_attacks(shared)
    fields = ("place", "district", "device", "text")
    sent = send_all(
        client, "/reports", attacks, lambda s: {"symptoms": "sms", "place": "Berlin", **dict.fromkeys(fields, s)}
    )
    assert {status for _, status in sent} <= {303, 422}
    with app.app_context():
        texts = select(func.count()).select_from(Report).where(Report.text_state == TextState.WAITING)
        assert (db.session.scalar(texts) or 0) > len(attacks) * 0.9
        waiting = set(db.session.scalars(select(Report.text)))
        db.session.execute(update(Report).values(text_state=TextState.RELEASED))
        db.session.commit()
    assert attacks[0].strip() in waiting
    assert_harmless(client.get("/").text, "/")


def test_no_name_or_search_runs_or_fails(client: FlaskClient, shared: Path) -> None:
    for number, attack in enumerate(read_attacks(shared)[::7]):
        named = client.post("/posts/ziel/comments", data={"key": f"named-{number}", "name": attack, "text": "Hallo."})
        assert named.status_code in {303, 422}
        assert client.get("/places/suggest", query_string={"q": attack}).status_code == 200
        new = client.get("/reports/new", query_string={"place": attack})
        assert new.status_code == 200
        if number % 40 == 0:
            assert_harmless(new.text, f"form {number}")
