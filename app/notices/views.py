"""Objecting to a comment, and the receipt that tells what became of it."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import Gone, NotFound

from app.comments.views import private
from app.comments.views.room import back, take_comment, unknown, unless_outage
from app.extensions import csrf, db, limiter
from app.kit import tokens
from app.mail.jobs import send_letters
from app.notices import letters, note
from app.notices.forms import MOST, NoticeForm, SideForm
from app.notices.models import DecidedMeanwhile, Notice
from app.web import submission

bp = Blueprint("notices", __name__)
csrf.exempt(bp)
for _none in (Gone, NotFound):
    bp.register_error_handler(_none, unknown)  # of a comment's code, in the same words as everywhere


@bp.get("/notices/new")
def new() -> ResponseReturnValue:
    form = NoticeForm(comment=request.args.get("comment", ""))
    if form.comment.data and form.about is None:
        abort(404)
    return _page(form, 200)


@bp.post("/notices")
@limiter.limit(submission.FUSE)
def create() -> ResponseReturnValue:
    form = NoticeForm()
    return submission.unless_outage(lambda: _create(form), lambda status: _page(form, status))


@bp.get("/notices/<notice>")
def receipt(notice: str) -> ResponseReturnValue:
    """What became of a notice, for whoever holds its code."""
    code = tokens.read_receipt(notice)
    found = Notice.of_code(code) or abort(404)
    is_new = request.args.get("new") is not None
    return render_template("notices/receipt.html", notice=found, code=code, is_new=is_new)


@bp.post("/comments/<code>/notices/<int:id>/answers")
@limiter.limit(submission.FUSE)
def answer(code: str, id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """What the author says to a notice, through the private link of the comment."""
    return unless_outage(lambda: _answer(code, id))


def _answer(code: str, id_: int) -> ResponseReturnValue:
    (comment, code), form = take_comment(code), SideForm()
    notice = db.session.get(Notice, id_) if id_ <= MOST else None
    if notice is None or notice.comment_id != comment.id:
        abort(404)
    if not form.validate_on_submit():
        notes = [note.draw(comment, code, form, notice.id)]
        return submission.refuse(form, lambda _status: private.page(comment, code, notes=notes))
    try:
        notice.hear_author(form.text.data)
    except DecidedMeanwhile:
        db.session.rollback()
        return back(code, "nothing", notice.state.value)
    db.session.commit()
    return back(code, "answered", notice.state.value)


def _create(form: NoticeForm) -> ResponseReturnValue:
    if form.has_key and (known := Notice.of_code(Notice.code_of(form.key.data))):
        return _received(form, known)
    if not form.validate_on_submit():
        return submission.refuse(form, lambda status: _page(form, status))
    comment = form.about or abort(404)
    if not form.has_key:
        return submission.ask_to_check(form, "notices/check.html", comment=comment)
    try:
        notice = Notice.receive(comment, form.objection, key=form.key.data)
    except IntegrityError:  # the same was sent twice at once, and the other one was first
        db.session.rollback()
        return _received(form, Notice.of_code(Notice.code_of(form.key.data)) or abort(409))
    letters.confirm(notice, Notice.code_of(form.key.data))
    db.session.commit()
    send_letters()
    return _received(form, notice)


def _received(form: NoticeForm, notice: Notice) -> ResponseReturnValue:
    location = url_for("notices.receipt", notice=Notice.code_of(form.key.data), new=1)
    return submission.settle(location, state=notice.state.value)


def _page(form: NoticeForm, status: int) -> str:
    is_outage = status == 503
    comment = None if is_outage else form.about
    return render_template(
        "notices/new.html", form=form, comment=comment, key=submission.key_for(form), outage=is_outage
    )
