"""One page, and the same numbers as a file."""

import json
from datetime import date

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.config import campaign
from app.extensions import csrf
from app.transparency.models import Account
from app.web import headers

bp = Blueprint("transparency", __name__)
csrf.exempt(bp)


@bp.get("/transparency")
def index() -> ResponseReturnValue:
    reasons = campaign().removal_reasons
    page = render_template(
        "transparency/index.html", account=Account.last(), reasons=reasons, day_of=date.fromisoformat
    )
    return headers.public(page)


@bp.get("/transparency.json")
def numbers() -> ResponseReturnValue:
    last = Account.last()
    facts = {"counted_at": last.counted_at.isoformat(timespec="seconds"), **last.numbers} if last else {}
    said = json.dumps(facts or {"counted_at": None}, ensure_ascii=False, indent=1)
    return headers.public(Response(said, mimetype="application/json"))
