"""What is counted of requests and commits: by route, never by path or address."""

import time

from flask import Flask, g, request
from flask.wrappers import Response
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from app.extensions import db
from app.kit.meter import meter

REQUESTS = "einzelfall_requests"
REQUEST_TIMES = "einzelfall_request_seconds"
COMMIT_TIMES = "einzelfall_commit_seconds"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})  # others are made up, and would be labels without end


def init_app(app: Flask) -> None:
    @app.after_request
    def _count(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "-"
        method = request.method if request.method in METHODS else "other"
        meter.add(REQUESTS, route, method, str(response.status_code))
        meter.observe(REQUEST_TIMES, time.perf_counter() - g.began, route)
        return response


@event.listens_for(db.session, "before_commit")
def _commit_begins(session: Session) -> None:
    session.info["commit_began"] = time.perf_counter()


@event.listens_for(db.session, "after_commit")
def _commit_is_done(session: Session) -> None:
    if (began := session.info.pop("commit_began", None)) is not None:
        meter.observe(COMMIT_TIMES, time.perf_counter() - began)


@event.listens_for(db.session, "after_soft_rollback")
def _commit_failed(session: Session, _previous: SessionTransaction) -> None:
    session.info.pop("commit_began", None)
