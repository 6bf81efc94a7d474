"""Every string of the attack collections, sent through the forms that anybody may send."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.comments.models import PER_PAGE, Comment, State
from app.extensions import db
from app.kit import clock
from app.kit.markup import COMMENT_MAX
from app.places import gazetteer
from app.reports.models import Report, TextState
from tests.cast import make_post, read_posts
from tests.page import Page

SLOWEST = 0.5  # CPU seconds for a whole request


@pytest.fixture(scope="module")
def attacks(shared: Path) -> list[str]:
    files = sorted((shared / "data" / "security").glob("*.jsonl"))
    found = [json.loads(line)["s"] for file in files for line in file.read_text("utf-8").splitlines()]
    assert len(found) > 7_500
    return found


@pytest.fixture(autouse=True)
def _an_empty_post(app: Flask, environ: dict[str, str]) -> None:
    make_post(Path(environ["EINZELFALL_POSTS"]), "ziel")
    read_posts(app)
    gazetteer()  # read once in a process; workers do so before their first request
    client = app.test_client()
    client.post("/posts/ziel/comments", data={"key": "a-first-one", "name": "Lena", "text": "Zum Aufwärmen."})
    client.post("/reports", data={"key": "a-first-one", "symptoms": "sms", "place": "Jena"})


def _sent(client: FlaskClient, path: str, attacks: list[str], fill: object) -> Iterator[tuple[str, int]]:
    slowest = 0.0
    for number, attack in enumerate(attacks):
        began = time.process_time()
        answer = client.post(path, data={"key": f"attack-{number}", **fill(attack)})  # type: ignore[operator]  # a lambda
        slowest = max(slowest, time.process_time() - began)
        yield attack, answer.status_code
    print(f"{path}: slowest request {slowest:.3f} CPU seconds")
    assert slowest < SLOWEST


def test_no_comment_runs_breaks_a_page_or_fails(app: Flask, client: FlaskClient, attacks: list[str]) -> None:
    stored = 0
    for attack, status in _sent(client, "/posts/ziel/comments", attacks, lambda s: {"name": "Lena", "text": s}):
        assert status == (303 if attack.strip() and len(attack) <= COMMENT_MAX else 422) or status == 422, attack
        stored += status == 303
    assert stored > len(attacks) * 0.98
    with app.app_context():
        shown = {"state": State.PUBLISHED, "published_at": clock.now()}
        db.session.execute(update(Comment).values(shown))
        db.session.commit()
    for page in range(1, stored // PER_PAGE + 1):
        _harmless(client.get(f"/posts/ziel?page={page}").text, page)


def test_no_report_runs_breaks_a_page_or_fails(app: Flask, client: FlaskClient, attacks: list[str]) -> None:
    fields = ("place", "district", "device", "text")
    sent = _sent(
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
    _harmless(client.get("/").text, 1)


def test_no_name_or_search_runs_or_fails(client: FlaskClient, attacks: list[str]) -> None:
    for number, attack in enumerate(attacks[::7]):
        named = client.post("/posts/ziel/comments", data={"key": f"named-{number}", "name": attack, "text": "Hallo."})
        assert named.status_code in {303, 422}
        assert client.get("/places/suggest", query_string={"q": attack}).status_code == 200
        new = client.get("/reports/new", query_string={"place": attack})
        assert new.status_code == 200
        if number % 40 == 0:
            _harmless(new.text, number)


def _harmless(html: str, where: int) -> None:
    """The page reads as one of ours: no script, no handler, nothing loaded from elsewhere."""
    page = Page(html, f"page {where}")
    assert not list(page.root.all("iframe", "object", "embed", "svg", "math", "base", "frame"))
