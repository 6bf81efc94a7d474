"""Structured logs without addresses, names or texts of people."""

import logging
import secrets
import sys
import time
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, g, request
from flask.wrappers import Response

log = structlog.get_logger()
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def _where_only(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Of an exception keep its type and the lines of code; its message may quote what a person wrote."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = [f"{f.tb_frame.f_code.co_filename.rpartition('/')[2]}:{f.tb_lineno}" for f in _frames(error)]
    return event


def _minute_of_arrivals(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Of a form that was sent say the minute: beside the ledger, a second would tell which line is whose."""
    if event.get("method") == "POST":
        event["timestamp"] = f"{event['timestamp'][:16]}Z"
    return event


def _frames(error: BaseException) -> list[TracebackType]:
    frames, here = [], error.__traceback__
    while here is not None:
        frames.append(here)
        here = here.tb_next
    return frames[-8:]


def configure() -> None:
    """One JSON object a line on standard error."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _minute_of_arrivals,
            _where_only,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_name: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def init_app(app: Flask) -> None:
    @app.before_request
    def _begin() -> None:
        g.request_id, g.began = secrets.token_hex(6), time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        if request.endpoint not in {"static", "reports.counter"} or response.status_code >= 400:
            ms = round((time.perf_counter() - g.began) * 1000, 1)
            # the route, not the path: paths may hold receipts and invitations
            route = str(request.url_rule) if request.url_rule else "-"
            log.info("request", method=request.method, route=route, status=response.status_code, ms=ms)
        return response
