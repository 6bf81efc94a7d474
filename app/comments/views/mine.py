"""All comments of a mailbox: asked for by its address, opened by the link in the letter, taken along, erased."""

import json

from flask import Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.comments import letters
from app.comments.forms import MineForm
from app.comments.models import Comment, OwnLink, link
from app.comments.models.erasure import erase
from app.comments.views.private import facts
from app.comments.views.room import ask_first, bp, post_of, unless_outage
from app.extensions import db, limiter
from app.kit.ranges import LARGEST
from app.web import errors, submission


@bp.get("/comments/mine")
def mine() -> ResponseReturnValue:
    return _form_page(MineForm(formdata=None))


@bp.post("/comments/mine")
@limiter.limit(submission.FUSE)
def ask_for_mine() -> ResponseReturnValue:
    return unless_outage(_ask)


@bp.get("/comments/mine/asked")
def asked_for_mine() -> ResponseReturnValue:
    """The same words whether or not there is anything to write about."""
    return render_template("comments/asked.html")


@bp.get("/comments/mine/<token>")
def own_comments(token: str) -> ResponseReturnValue:
    found = _of(token)
    if errors.wants_json():
        return jsonify([facts(one) for one in found.comments()])
    rows = [(one, link.standing(one), post_of(one)) for one in found.comments()]
    return render_template("comments/mine.html", rows=rows, token=token, done="done" in request.args)


@bp.get("/comments/mine/<token>/export.json")
def export_mine(token: str) -> ResponseReturnValue:
    text = json.dumps([facts(one) for one in _of(token).comments()], ensure_ascii=False, indent=2)
    response = Response(f"{text}\n", content_type="application/json")
    response.headers.set("Content-Disposition", "attachment", filename="comments.json")
    return response


@bp.post("/comments/mine/<token>/erasures")
@limiter.limit(submission.FUSE)
def erase_mine(token: str) -> ResponseReturnValue:
    return unless_outage(lambda: _erase(token))


def _ask() -> ResponseReturnValue:
    form = MineForm()
    if not form.validate_on_submit():
        return submission.refuse(form, lambda _status: _form_page(form))
    if token := OwnLink.issue(form.email.data):
        letters.write_own_link(form.email.data, token)
    db.session.commit()
    return submission.settle(url_for("comments.asked_for_mine"), state="asked")


def _erase(token: str) -> ResponseReturnValue:
    found, ids = _of(token), [one for one in request.form.getlist("id", type=int) if 0 < one <= LARGEST]
    comments: list[Comment] = found.take(ids)
    if comments and request.form.get("sure") != "yes":
        return ask_first("comments/erase_mine.html", comments=comments, token=token)
    for one in comments:
        erase(one)
    db.session.commit()
    return submission.settle(url_for("comments.own_comments", token=token, done="yes"), state="erased")


def _of(token: str) -> OwnLink:
    return OwnLink.by(token) or abort(404)


def _form_page(form: MineForm) -> str:
    return render_template("comments/ask_mine.html", form=form)
