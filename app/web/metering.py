"""What is counted of requests and commits: by route, never by path or address."""

import time
from dataclasses import asdict, replace

from flask import Flask, g, request
from flask.wrappers import Response
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from app.cache.middleware import Counts, PageCache
from app.extensions import db
from app.kit.meter import meter

REQUESTS = "einzelfall_requests"
REQUEST_TIMES = "einzelfall_request_seconds"
COMMIT_TIMES = "einzelfall_commit_seconds"
CACHE = "einzelfall_cache"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})  # others are made up, and would be labels without end


def init_app(app: Flask) -> None:
    @app.after_request
    def _count(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "-"
        method = request.method if request.method in METHODS else "other"
        meter.add(REQUESTS, route, method, str(response.status_code))
        meter.observe(REQUEST_TIMES, time.perf_counter() - g.began, route)
        return response


class CacheMeter:
    """Called now and then, it counts how the page cache has answered since the last time."""

    def __init__(self, cache: PageCache) -> None:
        self._cache, self._told = cache, Counts()

    def __call__(self) -> None:
        now = replace(self._cache.counts)
        for outcome, number in asdict(now).items():
            meter.add(CACHE, outcome, by=number - getattr(self._told, outcome))
        self._told = now


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
