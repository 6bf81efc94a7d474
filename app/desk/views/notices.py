"""Notices about comments: looked at, the author asked, decided, both sides told after ten minutes."""

from math import ceil

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.comments.models import MovedMeanwhile
from app.comments.models import State as CommentState
from app.desk.notice_forms import AskForm, DecisionForm, UndoForm
from app.desk.views.room import PER_PAGE, bp, page_number, row_or_404, undoable
from app.extensions import db
from app.kit import clock
from app.mail.jobs import send_letters
from app.notices import letters
from app.notices.models import DecidedMeanwhile, Notice, Outcome, State
from app.notices.models.notice import count, lane
from app.people import security
from app.people.models import Decision, Role
from app.people.refused import kept
from app.posts.shelf import shelf


@bp.get("/notices")
@security.needs(Role.MODERATOR)
def notices() -> ResponseReturnValue:
    is_open, page = request.args.get("state") != "decided", page_number()
    total = count(is_open=is_open)
    return render_template(
        "desk/notices.html",
        rows=lane(PER_PAGE, (page - 1) * PER_PAGE, is_open=is_open),
        is_open=is_open,
        now=clock.now(),
        page=page,
        pages=max(1, ceil(total / PER_PAGE)),
        total=total,
    )


@bp.get("/notices/<int:id>")
@security.needs(Role.MODERATOR)
def notice(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found = row_or_404(Notice, id)
    return _page(found, AskForm(formdata=None), DecisionForm(found.comment, formdata=None))


@bp.post("/notices/<int:id>/questions")
@security.needs(Role.MODERATOR)
def ask_author(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Ask whoever wrote the comment; letter and private page say until when to answer."""
    found, form = row_or_404(Notice, id), AskForm()
    if not form.validate_on_submit():
        return _page(found, form, DecisionForm(found.comment, formdata=None)), 422
    try:
        found.ask(form.question.data, int(form.days.data))
    except DecidedMeanwhile:
        return _moved(id)
    has_address = letters.ask_author(found)
    Decision.record("notice-asked", f"notice:{found.id}", by=security.member())
    db.session.commit()
    send_letters()
    flash(
        _("The author was asked by mail and on the private page.")
        if has_address
        else _("The author left no address: the private page of the comment asks.")
    )
    return redirect(url_for("desk.notice", id=id), 303)


@bp.post("/notices/<int:id>/decisions")
@security.needs(Role.MODERATOR)
def decide_notice(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found, who = row_or_404(Notice, id), security.member()
    form = DecisionForm(found.comment)
    if not form.validate_on_submit():
        return _page(found, AskForm(formdata=None), form), 422
    outcome, seen = Outcome(form.outcome.data), CommentState(form.seen.data)
    try:
        said = (form.statement.data, form.rule.data)
        found.decide(outcome, *said, by=who, seen=seen, edits=form.edits.data, reason_key=form.public_key)
    except (DecidedMeanwhile, MovedMeanwhile):
        return _moved(id)
    Decision.record(f"notice-{outcome}", f"notice:{found.id}", by=who)
    if found.changed_the_comment:
        Decision.record("remove" if outcome == Outcome.REMOVED else "black-out", f"comment:{found.comment_id}", by=who)
    db.session.commit()
    said = _("Decided. Both sides are told in ten minutes.")
    undoable(said, url_for("desk.take_back_notice", id=id), undo="yes", edits=str(found.comment.edits))
    return redirect(url_for("desk.notices"), 303)


@bp.post("/notices/<int:id>/returns")
@security.needs(Role.MODERATOR)
def take_back_notice(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Undo a decision that nobody was told of."""
    found, form = row_or_404(Notice, id), UndoForm()
    if not form.validate_on_submit():
        return _moved(id)
    try:
        found.take_back(form.edits.data)
    except (DecidedMeanwhile, MovedMeanwhile):
        return _moved(id)
    Decision.record("notice-reopened", f"notice:{found.id}", by=security.member())
    db.session.commit()
    flash(_("Undone: the notice is open again."))
    return redirect(url_for("desk.notice", id=id), 303)


def _moved(id_: int) -> ResponseReturnValue:
    db.session.rollback()
    said, back = _("Somebody has decided on this in the meantime."), url_for("desk.notice", id=id_)
    known = db.session.get_one(Notice, id_)
    if page := kept(said, back, stands=(known.statement, known.rule, known.question)):
        return page
    flash(said, "error")
    return redirect(back, 303)


def _page(found: Notice, ask: FlaskForm, decision: FlaskForm) -> str:
    comment = found.comment or abort(404)
    return render_template(
        "desk/notice.html",
        notice=found,
        comment=comment,
        post=shelf().find(comment.post_slug),
        ask=ask,
        decision=decision,
        others=[one for one in Notice.about(comment.id) if one.id != found.id],
        history=Decision.about_(f"notice:{found.id}"),
        now=clock.now(),
        can_ask=found.state == State.OPEN,
    )
