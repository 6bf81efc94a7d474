"""For whoever watches the server."""

import hmac
from collections.abc import Mapping

from flask import Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.config import settings
from app.posts.shelf import shelf
from app.site import readiness
from app.site.views.room import bp
from app.web import peers


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    return jsonify(status="live")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Ready when the database answers in time and is not behind the code, and the shelf could be read."""
    checks = {**_of_database(), "posts": shelf().version != ""}
    is_ready = all(checks.values())
    return jsonify(status="ready" if is_ready else "not ready", checks=checks), 200 if is_ready else 503


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Numbers for Prometheus, and for nobody else: see docs/running.md."""
    if not _may_watch():
        abort(404)
    from app.site import metrics as numbers  # noqa: PLC0415 -- rarely needed, and its library takes megabytes

    return Response(numbers.page(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _of_database() -> Mapping[str, bool]:
    asked: readiness.Asked = current_app.extensions["readiness"]
    try:
        return asked.answer()
    except (SQLAlchemyError, TimeoutError):
        return {"database": False}


def _may_watch() -> bool:
    """Who has the token; without one, whoever asks on this machine and for nobody else."""
    if token := settings().metrics_token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode("utf-8"))
    return peers.is_from_here_alone()
