"""The protocol that anybody may read: every handover, what it said of itself, and what the recipient answered."""

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from app.config import settings
from app.extensions import db
from app.handover import feeds
from app.handover.models import Handover
from app.handover.protocol import account, accounts
from app.web import headers
from app.web.language import language

FEED_AGE = 60  # seconds
MOST = 2**31 - 1  # rows a table can number

bp = Blueprint("handover", __name__, url_prefix="/handovers")


@bp.get("/")
def index() -> ResponseReturnValue:
    """What is handed over, why nobody can be found in it, and each handover so far."""
    return headers.public(render_template("handover/index.html", accounts=accounts()))


@bp.get("/<int:id>")
def handover(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    return headers.public(render_template("handover/handover.html", account=account(_handover(id))))


@bp.get("/<int:id>/manifest.json")
def manifest(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Byte for byte what the ledger has the hash of."""
    text = _handover(id).manifest or abort(404)
    return headers.public(Response(text, mimetype="application/json"))


@bp.get("/feed.atom")
def feed() -> ResponseReturnValue:
    """What is new: proposals, releases, answers."""
    body = feeds.feed(accounts(), base_url=settings().base_url, lang=language())
    return headers.public(Response(body, mimetype="application/atom+xml"), max_age=FEED_AGE)


def _handover(id_: int) -> Handover:
    return (db.session.get(Handover, id_) if 0 < id_ <= MOST else None) or abort(404)
