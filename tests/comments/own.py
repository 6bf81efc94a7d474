"""A writer who comes back to a comment by the private link."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, State
from app.extensions import db
from app.people.models import Decision, Member
from tests.cast import within
from tests.comments.reader import stored, write


def wrote(client: FlaskClient, app: Flask, **fields: object) -> str:
    """The address of the private page of a comment that was just written."""
    return str(write(client, app, **fields).location).partition("?")[0]


def newest(app: Flask) -> Comment:
    return stored(app)[-1]


def decided(app: Flask, to: State, *, by: Member | None = None, reason: str = "", deed: str = "") -> None:
    """A person's decision about the newest comment, in the log of the desk too."""
    id_ = newest(app).id

    def work() -> None:
        comment = db.session.get_one(Comment, id_)
        comment.decide(to, seen=comment.state, reason=reason)
        deeds = {State.PUBLISHED: "publish", State.SPAM: "spam", State.REMOVED: "remove", State.WAITING: "wait"}
        Decision.record(deed or deeds[to], f"comment:{id_}", by=by, reason=reason)

    within(app, work)


def told(client: FlaskClient, page: str) -> dict[str, Any]:  # Any: JSON values
    """What the private page says to programs."""
    answer = client.get(page, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())
