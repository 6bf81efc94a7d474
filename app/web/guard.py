"""Who may send a form here at all: our own pages, and clients that are no browsers."""

from urllib.parse import urlsplit

from flask import Flask, abort, request, session

from app.config import settings
from app.extensions import SAFE_METHODS

BODY_LIMIT = 64 * 1024  # bytes of a public form
LARGER = "larger forms"  # under which an app keeps where they are
BOUNDARY_LIMIT = 70  # characters, RFC 2046; of a longer one Werkzeug makes a pattern that takes a second to read


def is_foreign(origin: str | None, fetch_site: str | None, own: set[str]) -> bool:
    """Whether a browser says that a form was sent from a page of somebody else's; `own` are hosts that are ours."""
    if fetch_site == "cross-site":
        return True
    return origin is not None and _netloc(origin) not in own


def _is_foreign() -> bool:
    own = {urlsplit(settings().base_url).netloc, request.host}
    return is_foreign(request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site"), own)


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def allow(app: Flask, endpoint: str, most: int) -> None:
    """Let forms be as large as that at one address, from those who are signed in."""
    app.extensions.setdefault(LARGER, {})[endpoint] = most


def _let_more_in(app: Flask) -> None:
    """Before anything of the form is read; whoever is not signed in stays within what all forms may have."""
    most = app.extensions.get(LARGER, {}).get(request.endpoint)
    if most is not None and "_user_id" in (session or {}):
        request.max_content_length = most


def init_app(app: Flask) -> None:
    @app.before_request
    def _guard() -> None:
        if "\0" in request.path:
            abort(404)  # nothing is called so, and PostgreSQL refuses to look for it
        if request.method in SAFE_METHODS:
            return
        if _is_foreign():
            abort(403)
        _let_more_in(app)
        if len(request.mimetype_params.get("boundary", "")) > BOUNDARY_LIMIT:
            abort(400)
        if request.content_length is None and len(request.get_data()) >= BODY_LIMIT:
            abort(413)  # a body that comes in chunks is cut at the limit, not refused
