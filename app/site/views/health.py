"""For whoever watches the server."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.ledger.models import Head
from app.posts.shelf import shelf
from app.site.views.room import bp


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    return jsonify(status="live")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Ready when the database answers and the shelf could be read."""
    checks = {"database": _has_ledger(), "posts": shelf().version != ""}
    is_ready = all(checks.values())
    return jsonify(status="ready" if is_ready else "not ready", checks=checks), 200 if is_ready else 503


def _has_ledger() -> bool:
    try:
        return db.session.get(Head, 1) is not None
    except SQLAlchemyError:
        db.session.rollback()
        return False
