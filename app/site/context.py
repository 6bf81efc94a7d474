"""What every template may use."""

from typing import Any

from flask import Flask, g, has_request_context, request, url_for

from app.config import campaign, settings
from app.kit import clock
from app.ledger import models as ledger
from app.site.assets import static_url
from app.site.theme import theme_hash
from app.spam.judges import judges
from app.web.language import kept_arguments, language, other_languages


def counter() -> int:
    """The count, the same wherever it stands on a page, asked for once."""
    if "counter" not in g:
        g.counter = ledger.counter()
    found: int = g.counter
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
    app.jinja_env.globals.update(static_url=static_url, counter=counter, as_of=clock.minute)

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
