"""What all pages of the desk share."""

import time
from typing import Any, TypeVar

from flask import Blueprint, abort, flash, request
from sqlalchemy.exc import DBAPIError

from app.comments.removal import Reason
from app.desk.lanes import lanes_for
from app.extensions import Base, db
from app.people import security
from app.surge.models import CALM
from app.surge.pressure import Seen, pressure
from app.web.submission import one_line

PER_PAGE = 25
MOST = 2**31 - 1  # rows a table can number
BREATH = 0.1  # seconds; a writer that waits for SQLite looks that often whether it is free
T = TypeVar("T", bound=Base)
bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.context_processor
def _common() -> dict[str, Any]:  # Any: what templates are handed
    try:
        who = security.signed_in()
        return {
            "desk_member": who,
            "lanes": lanes_for(who) if who else [],
            "surge": surge_now(),
            "surge_calm": CALM.seconds,
        }
    except DBAPIError:  # the page that says so must not ask the database again
        return {"desk_member": None, "lanes": [], "surge": None}


def surge_now() -> Seen | None:
    """The surge that lasts now, of which the desk speaks on every page."""
    known = pressure()
    return known.stands if known.is_on else None


def undoable(text: str, url: str, **fields: str) -> None:
    """Say what was done, with a form that undoes it."""
    done = {"text": text, "url": url, "fields": fields}
    flash(done, "undo")  # type: ignore[arg-type]  # the session holds JSON, the template draws a form from it


def commit_slice() -> None:
    """Commit a part of a long deed, and let in who waits to write: else reports would get no turn until it ends."""
    db.session.commit()
    time.sleep(BREATH)


def edits_seen() -> int:
    """How often the words had been edited that a form showed; 400 where it does not say.

    What no column could hold is no comment's: it counts as moved.
    """
    edits = request.form.get("edits", type=int)
    if edits is None:
        abort(400)
    return edits if 0 <= edits <= MOST else -1


def reason_given() -> Reason:
    """Why something is removed, as it was chosen and typed."""
    return Reason.of(request.form.get("reason_key", ""), one_line(request.form.get("reason"))[:300])


def row_or_404(table: type[T], id_: int | None) -> T:
    """The row of that number; numbers beyond any are answered like those of nothing."""
    return (db.session.get(table, id_) if id_ and 0 < id_ <= MOST else None) or abort(404)


def page_number() -> int:
    """The page that is asked for, from 1."""
    return min(max(request.args.get("page", 1, type=int), 1), 100_000)
