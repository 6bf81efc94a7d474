"""The strings of the attack collections as comments and as names: nothing runs, nothing breaks, nothing fails."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.comments.models import PER_PAGE, Comment, State
from app.extensions import db
from app.kit import clock
from app.kit.markup import COMMENT_MAX
from app.web.submission import clean
from tests.hostile.strings import alone, every_string, together
from tests.site.attacks import assert_harmless, make_target, send_all

URL = "/posts/ziel/comments"


@pytest.fixture(autouse=True)
def _a_target(app: Flask, environ: dict[str, str]) -> None:
    make_target(app, environ["EINZELFALL_POSTS"])


def test_no_comment_runs_breaks_a_page_or_fails(app: Flask, client: FlaskClient, shared: Path) -> None:
    kinds = every_string(shared)
    singles, texts = alone(kinds), together(kinds, COMMENT_MAX)
    by_one = list(send_all(client, URL, singles, lambda attack: {"name": attack, "text": attack}))
    by_many = list(send_all(client, URL, texts, lambda text: {"name": "Lena", "text": text}))
    assert {status for _, status in by_one + by_many} <= {303, 422}
    with app.app_context():
        shown = {"state": State.PUBLISHED, "published_at": clock.now()}
        db.session.execute(update(Comment).values(shown))
        db.session.commit()
        stored = list(db.session.scalars(select(Comment.text)))
    assert len(stored) > (len(singles) + len(texts)) * 0.95  # some make no name
    everything = "\n".join(stored)
    assert [one for many in kinds.values() for one in many if clean(one) not in everything] == []
    for page in range(1, len(stored) // PER_PAGE + 2):
        assert_harmless(client.get(f"/posts/ziel?page={page}").text, f"page {page}")
