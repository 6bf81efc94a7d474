"""Structured logs without addresses, names or texts of people."""

import logging
import os
import secrets
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, cast

import structlog
from flask import Flask, g, request
from flask.wrappers import Response

from app.kit import clock

log = structlog.get_logger()
FOLDER = "logs"  # in the host's own folder
KEPT_FOR = timedelta(days=7)
SUFFIX = ".jsonl"


def _where_only(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Of an exception keep its type and the lines of code; its message may quote what a person wrote."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = [f"{f.tb_frame.f_code.co_filename.rpartition('/')[2]}:{f.tb_lineno}" for f in _frames(error)]
    return event


def _minute_of_arrivals(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Of a form that was sent say the minute: beside the ledger, a second would tell which line is whose.

    Of a receipt, too: a browser asks for it the moment its report is stored.
    """
    if event.get("method") == "POST" or "<receipt>" in event.get("route", ""):
        event["timestamp"] = f"{event['timestamp'][:16]}Z"
    return event


def _frames(error: BaseException) -> list[TracebackType]:
    frames, here = [], error.__traceback__
    while here is not None:
        frames.append(here)
        here = here.tb_next
    return frames[-8:]


class Tee:
    """Where lines go: to standard error, and with a folder also to that day's file in it, of which days are kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder, self._day = folder, ""

    def write(self, line: str) -> None:
        sys.stderr.write(line)
        if self._folder:
            with suppress(OSError):  # a disk that fails must not fail the request
                self._keep(self._folder, line.encode("utf-8", "replace"))

    def _keep(self, folder: Path, line: bytes) -> None:
        today = clock.today().isoformat()
        _append(folder / f"{today}{SUFFIX}", line)
        if today != self._day:  # each host for itself: the jobs run on one of several only
            self._day = today
            forget(folder)

    def flush(self) -> None:
        sys.stderr.flush()


def _append(file: Path, line: bytes) -> None:
    """One write at the end of the file, which lines of other processes do not break."""
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line)
    finally:
        os.close(handle)


def keep_in(folder: Path) -> None:
    """From now on keep each line in a file a day, too."""
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
    configure(folder)


def forget(folder: Path, *, is_dry: bool = False) -> int:
    """Delete the files of days that are over for `KEPT_FOR`; how many."""
    last = clock.today() - KEPT_FOR
    old = [file for file in folder.glob(f"*{SUFFIX}") if file.name < f"{last.isoformat()}{SUFFIX}"]
    for file in () if is_dry else old:
        file.unlink(missing_ok=True)
    return len(old)


def configure(folder: Path | None = None) -> None:
    """One JSON object a line on standard error, and in `folder` if there is one."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    tee = cast(TextIO, Tee(folder))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _minute_of_arrivals,
            _where_only,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_name: structlog.WriteLogger(tee),
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
        if not g.get("is_public"):  # what others may keep is nobody's own
            response.headers["X-Request-Id"] = g.request_id
        if request.endpoint not in {"static", "reports.counter"} or response.status_code >= 400:
            ms = round((time.perf_counter() - g.began) * 1000, 1)
            # the route, not the path: paths may hold receipts and invitations
            route = str(request.url_rule) if request.url_rule else "-"
            log.info("request", method=request.method, route=route, status=response.status_code, ms=ms)
        return response
