"""What every template may use."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from app.config import campaign, settings
from app.extensions import db
from app.kit import clock
from app.ledger.models.standing import Standing, standing
from app.site.theme import theme_hash
from app.spam.judges import judges
from app.web.language import kept_arguments, language, other_languages

STATIC = Path(__file__).parent.parent / "static"


@cache
def _hash(name: str, _mtime: float) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for good."""
    return url_for("static", filename=name, v=_hash(name, (STATIC / name).stat().st_mtime))


def counter() -> int:
    """The count, the same wherever it stands on a page."""
    return _standing().counter


def last_checkpoint() -> Standing:
    """The newest published checkpoint, for the foot of a page; a page about an outage does without."""
    try:
        return _standing()
    except SQLAlchemyError:
        db.session.rollback()
        return Standing(0, None, None, None)


def _standing() -> Standing:
    """Counter and checkpoint, asked for once a page."""
    if "standing" not in g:
        g.standing = standing()
    found: Standing = g.standing
    return found


def canonical_url() -> str | None:
    """The page's one address, under the configured name, never under the one the request came by."""
    if request.endpoint is None or request.method not in {"GET", "HEAD"}:
        return None
    if request.endpoint.startswith(("people.", "desk.")):
        return None
    args: dict[str, Any] = dict(request.view_args or {})
    if page := kept_arguments().get("page"):
        args["page"] = int(page)
    return settings().base_url + url_for(request.endpoint, **args)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        static_url=static_url, counter=counter, last_checkpoint=last_checkpoint, as_of=clock.minute
    )

    @app.context_processor
    def _common() -> dict[str, Any]:  # Any: what templates are handed
        own = campaign()
        everywhere = {"campaign": own, "lang": language(), "base_url": settings().base_url}
        return (
            everywhere
            if not has_request_context()
            else everywhere
            | {
                "other_languages": other_languages(),
                "theme_url": url_for("site.theme", v=theme_hash(own)),
                "request_id": g.get("request_id", ""),
                "canonical_url": canonical_url(),
                "akismet_on": judges().akismet is not None,
                "desk_member": None,
            }
        )

    @app.after_request
    def _keep_static(response: Any) -> Any:  # Any: Flask's response, passed through
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.cache_control.max_age, response.cache_control.immutable = 31_536_000, True
            response.cache_control.public, response.cache_control.no_cache = True, None
        return response
