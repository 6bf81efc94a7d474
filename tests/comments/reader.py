"""A reader who writes under a post."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.comments.models import Comment
from app.comments.models.comment import code_of
from app.extensions import db
from app.kit import clock, tokens
from app.spam import form_token
from tests.cast import TEXT, within

URL = "/posts/netz/comments"
FIELDS = {"name": "Lena", "email": "lena@reader.example", "text": TEXT, "age": "45"}


def filled(app: Flask, **fields: object) -> dict[str, object]:
    """What the form of a reader with a script sends: with a fresh key and the page's token."""
    with app.app_context():
        token = form_token.issue(clock.now())
    return {**FIELDS, "key": tokens.new_key(), "form_token": token, **fields}


def is_own_page(location: str | None) -> bool:
    """Whether an answer leads to its writer's own page, the same for what waits, for spam and for what is public."""
    return re.fullmatch(r"/comments/[0-9A-Z]{4}(-[0-9A-Z]{4}){5}\?new=yes", location or "") is not None


def own_page(app: Flask, key: object) -> str:
    """Where the answer to a comment under a key leads: its writer's own page."""
    with app.app_context():
        return f"/comments/{code_of(str(key))}?new=yes"


def write(client: FlaskClient, app: Flask, **fields: object) -> TestResponse:
    return client.post(URL, data=filled(app, **fields))


def stored(app: Flask) -> list[Comment]:
    return within(app, lambda: list(db.session.scalars(db.select(Comment).order_by(Comment.id))))


def the_comment(app: Flask) -> Comment:
    (only,) = stored(app)
    return only


def kept(values: dict[str, Any]) -> dict[str, Any]:
    """Of a form's values those a person typed."""
    return {name: values[name] for name in ("name", "email", "text")}
