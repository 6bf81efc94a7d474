"""What every template may use."""

from typing import Any

from flask import Flask, g, has_request_context, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from app.cache.noting import use_at_most
from app.cache.parts import kept
from app.config import campaign, settings
from app.extensions import db
from app.kit import clock
from app.ledger import models as ledger
from app.site.assets import static_url
from app.site.theme import theme_hash
from app.spam.judges import judges
from app.web.addresses import address
from app.web.headers import PAGE_AGE
from app.web.language import kept_arguments, language, other_languages

# lists whose arguments make another page, not the same one with something filled in
FILTERED = ("promises.index", "site.answers", "site.post")


def counter() -> int:
    """The count, the same wherever it stands on a page that everybody gets; asked for only by those that show it."""
    return kept("counter", make=ledger.counter)


def last_checkpoint() -> ledger.Checkpoint | None:
    """The newest published checkpoint, for the foot of a page; a page about an outage does without, and asks nobody."""
    if g.get("is_outage"):  # asking once more would keep the reader waiting as long again
        return None
    try:
        return ledger.Checkpoint.last()
    except SQLAlchemyError:
        db.session.rollback()
        use_at_most(PAGE_AGE)  # the next page asks again
        return None


def canonical_url() -> str | None:
    """The page's one address, under the configured name, never under the one the request came by."""
    if request.endpoint is None or request.method not in {"GET", "HEAD"}:
        return None
    if request.endpoint.startswith(("people.", "desk.")):
        return None
    args: dict[str, Any] = dict(request.view_args or {})
    kept = kept_arguments()
    if page := kept.get("page"):
        args["page"] = page
    if request.endpoint in FILTERED:
        args |= kept
    return settings().base_url + url_for(request.endpoint, **args)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        campaign=app.extensions["campaign"],
        static_url=static_url,
        counter=counter,
        last_checkpoint=last_checkpoint,
        as_of=clock.minute,
    )

    @app.context_processor
    def _common() -> dict[str, Any]:  # Any: what templates are handed
        own = campaign()
        everywhere = {"lang": language(), "base_url": settings().base_url}
        return (
            everywhere
            if not has_request_context()
            else everywhere
            | {
                "other_languages": other_languages(),
                "theme_url": address("site.theme", v=theme_hash(own)),
                "request_id": g.get("request_id", ""),
                "canonical_url": canonical_url(),
                "akismet_on": judges().akismet is not None,
                "desk_member": None,
            }
        )
