"""Who may send a form here at all: our own pages, and clients that are no browsers."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request, session
from limits import parse

from app.config import settings
from app.extensions import SAFE_METHODS, limiter, sender

BODY_LIMIT = 64 * 1024  # bytes of a public form
MEMORY_LIMIT = 1024 * 1024  # of them what is typed; files are put on disk
LATE = parse("30 per 15 minutes")  # long forms of people whose session has ended, for each network
# characters; RFC 2046 has 70, Werkzeug's own client makes up to 72, one in four hundred. Of a very long one its parser
# makes a pattern that takes a second to read
BOUNDARY_LIMIT = 100


V = TypeVar("V", bound=Callable[..., object])


def is_foreign(origin: str | None, fetch_site: str | None, own: set[str]) -> bool:
    """Whether a browser says that a form was sent from a page of somebody else's; `own` are hosts that are ours."""
    if fetch_site == "cross-site":
        return True
    return origin is not None and _netloc(origin) not in own


def is_own_page() -> bool:
    """Whether the browser says that a form was sent from a page of ours; who says nothing is none that we know of.

    Browsers send `Origin` with every form, older ones at least `Referer`, as our `Referrer-Policy` has it.
    """
    said = request.headers.get("Origin") or request.headers.get("Referer")
    return not _is_foreign() and said is not None and _netloc(said) in _own()


def _is_foreign() -> bool:
    return is_foreign(request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site"), _own())


def _own() -> set[str]:
    return {urlsplit(settings().base_url).netloc, request.host}


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def takes(size: int) -> Callable[[V], V]:
    """A view whose form may have more bytes than others; what stands around it must keep its attributes."""

    def mark(view: V) -> V:
        view.takes_bytes = size  # type: ignore[attr-defined]  # read before each request
        return view

    return mark


def _limit() -> int:
    """Who is not signed in stays within what all forms may have, but for a few whose session may just have ended."""
    view = current_app.view_functions.get(request.endpoint or "")
    size: int = getattr(view, "takes_bytes", BODY_LIMIT)
    if size <= BODY_LIMIT or {"_user_id", "was_in"} & {*(session or {})}:
        return size
    is_kept = getattr(view, "keeps_form", False) and (request.content_length or 0) > BODY_LIMIT
    return size if is_kept and limiter.limiter.hit(LATE, "late", sender()) else BODY_LIMIT


def init_app(app: Flask) -> None:
    @app.before_request
    def _guard() -> None:
        if "\0" in request.path:
            abort(404)  # nothing is called so, and PostgreSQL refuses to look for it
        if request.method in SAFE_METHODS:
            return
        if _is_foreign():
            abort(403)
        if len(request.mimetype_params.get("boundary", "")) > BOUNDARY_LIMIT:
            abort(400)
        limit = _limit()
        request.max_content_length = limit
        request.max_form_memory_size = min(limit, MEMORY_LIMIT)
        if request.content_length is None and len(request.get_data()) >= limit:
            abort(413)  # a body that comes in chunks is cut at the limit, not refused
