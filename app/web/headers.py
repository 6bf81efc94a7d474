"""What answers say about themselves: who may keep them, and what a browser may do with them."""

import hashlib
import threading
from collections.abc import Iterable
from typing import Self
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response as FlaskResponse
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.routing import RequestRedirect

from app.config import settings
from app.extensions import compress

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
STREAMS = 2  # that a process sends at once, of its ten threads
AGAIN = 5  # seconds until whoever came too late may come again
PAGE_AGE = 1  # second a shared copy of a public page may be used without asking: its counter is true


def public(answer: ResponseReturnValue, *, max_age: int = PAGE_AGE) -> Response:
    """The answer as a public one: the same bytes for everyone, with an `ETag`; the page cache keeps and packs it."""
    response: FlaskResponse = FlaskResponse(answer) if isinstance(answer, str) else answer  # type: ignore[assignment]  # views answer text or a response
    return _known_by(hashlib.sha256(response.get_data()).hexdigest()[:32], response, max_age)


def streamed(parts: Iterable[str], content_type: str, etag: str) -> Response:
    """A public answer too long to be held in memory; the caller says by which `ETag` it is known.

    ServiceUnavailable where enough are being read: each keeps a thread for as long as its reader takes.
    """
    return _known_by(etag, FlaskResponse(_Stream(parts), content_type=content_type), PAGE_AGE)


class _Stream:
    """Parts that are sent one by one; its place is free at their end, when it is closed, or when nobody has it."""

    _places = threading.BoundedSemaphore(STREAMS)

    def __init__(self, parts: Iterable[str]) -> None:
        self._parts, self._has_place = iter(parts), self._places.acquire(blocking=False)
        if not self._has_place:
            raise ServiceUnavailable(retry_after=AGAIN)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        try:
            return next(self._parts)
        except BaseException:  # the end, too
            self.close()
            raise

    def close(self) -> None:
        has_place, self._has_place = self._has_place, False
        if has_place:
            self._places.release()

    def __del__(self) -> None:
        self.close()


def _known_by(etag: str, response: FlaskResponse, max_age: int) -> Response:
    g.is_public = True
    response.cache_control.public = True
    response.cache_control.max_age = max_age
    response.set_etag(etag)
    return response


def _place_on_this_site(address: str) -> str:
    there = urlsplit(address)
    return there._replace(scheme="", netloc="", path=f"/{there.path.lstrip('/')}").geturl()


def init_app(app: Flask) -> None:
    @app.after_request
    def _lead_on(response: FlaskResponse) -> FlaskResponse:
        """A missing slash: the way on names no host, least of all the one the request came by, and there is no page."""
        if isinstance(request.routing_exception, RequestRedirect):
            response.location = _place_on_this_site(request.routing_exception.new_url)
            response.set_data(b"")  # Werkzeug's words would name that host
        return response

    @app.after_request
    def _protect(response: FlaskResponse) -> FlaskResponse:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=(), interest-cohort=()")
        if settings().is_https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if not g.get("is_public") and request.endpoint != "static":
            headers["Cache-Control"] = "no-store"
        return response

    @app.after_request
    def _pack(response: FlaskResponse) -> FlaskResponse:
        """Private and streamed answers; what the page cache keeps it packs itself, once."""
        is_kept = g.get("is_public") and not response.is_streamed
        return response if is_kept or request.endpoint == "static" else compress.after_request(response)
