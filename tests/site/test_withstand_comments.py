"""Every string of the attack collections as a comment: nothing runs, nothing breaks, nothing fails."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.comments.models import PER_PAGE, Comment, State
from app.extensions import db
from app.kit import clock
from app.kit.markup import COMMENT_MAX
from tests.site.attacks import assert_harmless, make_target, read_attacks, send_all


@pytest.fixture(autouse=True)
def _a_target(app: Flask, environ: dict[str, str]) -> None:
    make_target(app, environ["EINZELFALL_POSTS"])


def test_no_comment_runs_breaks_a_page_or_fails(app: Flask, client: FlaskClient, shared: Path) -> None:
    stored, attacks = 0, read_attacks(shared)
    for attack, status in send_all(client, "/posts/ziel/comments", attacks, lambda s: {"name": "Lena", "text": s}):
        assert status == (303 if attack.strip() and len(attack) <= COMMENT_MAX else 422) or status == 422, attack
        stored += status == 303
    assert stored > len(attacks) * 0.98
    with app.app_context():
        shown = {"state": State.PUBLISHED, "published_at": clock.now()}
        db.session.execute(update(Comment).values(shown))
        db.session.commit()
    for page in range(1, stored // PER_PAGE + 1):
        assert_harmless(client.get(f"/posts/ziel?page={page}").text, f"page {page}")
