"""What all pages of the desk share."""

from typing import Any

from flask import Blueprint, flash, request

from app.desk.lanes import lanes_for
from app.people import security

PER_PAGE = 25
bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.context_processor
def _common() -> dict[str, Any]:  # Any: what templates are handed
    who = security.signed_in()
    return {"desk_member": who, "lanes": lanes_for(who) if who else []}


def undoable(text: str, url: str, **fields: str) -> None:
    """Say what was done, with a form that undoes it."""
    done = {"text": text, "url": url, "fields": fields}
    flash(done, "undo")  # type: ignore[arg-type]  # the session holds JSON, the template draws a form from it


def page_number() -> int:
    """The page that is asked for, from 1."""
    return min(max(request.args.get("page", 1, type=int), 1), 100_000)
