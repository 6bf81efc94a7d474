"""What a writer may do with a comment later: edit it, withdraw it, bring it back, have it erased, appeal."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.comments.forms import AppealForm, EditForm
from app.comments.models import Appeal, Comment, MovedMeanwhile, Revision, Snapshot, link
from app.comments.models.advice import for_a_person, policy_of
from app.comments.models.erasure import erase
from app.comments.models.revision import MOST_EDITS, EditedEnough, edit, judged_anew
from app.comments.models.taking import take
from app.comments.models.withdrawal import bring_back, withdraw
from app.comments.views.private import page
from app.comments.views.room import ask_first, back, bp, comment_of, post_of, take_comment, unless_outage
from app.config import campaign, settings
from app.extensions import db, limiter, only_read
from app.kit import clock, markup
from app.people.models.organisation import protected_names
from app.spam import form_token
from app.spam.judges import judges
from app.spam.rules import DECLINED
from app.spam.submission import Submission
from app.spam.verdict import Judgement
from app.surge import pressure
from app.web import submission


@bp.get("/comments/<code>/edits/new")
def new_edit(code: str) -> ResponseReturnValue:
    comment, code = comment_of(code)
    if not link.is_open(comment):
        return redirect(url_for("comments.private", code=code), 303)
    waiting = Revision.waiting_of(comment)
    return _edit_page(EditForm(data={"text": waiting.text if waiting else comment.text}), comment, code)


@bp.post("/comments/<code>/edits")
@limiter.limit(submission.FUSE)
def edit_comment(code: str) -> ResponseReturnValue:
    return unless_outage(lambda: _edit(code))


@bp.post("/comments/<code>/withdrawals")
@limiter.limit(submission.FUSE)
def withdraw_comment(code: str) -> ResponseReturnValue:
    return unless_outage(lambda: _withdraw(code))


@bp.post("/comments/<code>/returns")
@limiter.limit(submission.FUSE)
def return_comment(code: str) -> ResponseReturnValue:
    return unless_outage(lambda: _return(code))


@bp.post("/comments/<code>/erasures")
@limiter.limit(submission.FUSE)
def erase_comment(code: str) -> ResponseReturnValue:
    return unless_outage(lambda: _erase(code))


@bp.post("/comments/<code>/appeals")
@limiter.limit(submission.FUSE)
def appeal(code: str) -> ResponseReturnValue:
    return unless_outage(lambda: _appeal(code))


@bp.get("/comments/erased")
def erasure_done() -> ResponseReturnValue:
    """It is gone, and so is its code from the address."""
    return render_template("comments/erased.html")


def _edit(code: str) -> ResponseReturnValue:
    only_read()
    comment, code = comment_of(code)
    form = EditForm()
    if not form.validate_on_submit():
        return submission.refuse(form, lambda _status: _edit_page(form, comment, code))
    if form.preview.data:
        return _edit_preview(form, comment, code)
    asks = _submission(comment, form)
    db.session.rollback()
    comment, code = take_comment(code)
    if not link.is_open(comment):
        return _stands(comment, code, "nothing")
    waiting = Revision.waiting_of(comment)
    if form.text.data == (waiting.text if waiting else comment.text):
        return _stands(comment, code, "unchanged")
    try:
        revision = edit(comment, form.text.data)
    except EditedEnough:
        return _edited_enough(form, comment, code)
    edits = comment.edits
    db.session.commit()  # safe before the outside world is asked
    judgement = _judgement(comment, asks)
    _hear(comment, revision, judgement, edits)
    db.session.commit()
    is_pending = revision is not None and Revision.waiting_of(comment) is not None
    return _stands(comment, code, "proposed" if is_pending else "edited")


def _edited_enough(form: EditForm, comment: Comment, code: str) -> ResponseReturnValue:
    said = _(
        "You have changed this comment %(count)s times; more cannot be. Your new words are still here.",
        count=MOST_EDITS,
    )
    form.text.errors = [*form.text.errors, said]
    answer = submission.refuse(form, lambda _status: _edit_page(form, comment, code))
    db.session.rollback()
    return answer


def _hear(comment: Comment, revision: Revision | None, judgement: Judgement, edits: int) -> None:
    """Act on what judges said, unless somebody decided or the writer went on editing meanwhile."""
    take(comment)
    if revision is None:
        judged_anew(comment, judgement, policy_of(comment.post_slug), edits=edits)
    elif (still := Revision.waiting_of(comment)) and still.id == revision.id:
        revision.receive(judgement, policy_of(comment.post_slug))


def _withdraw(code: str) -> ResponseReturnValue:
    comment, code = comment_of(code)
    if link.is_open(comment) and not _is_sure():
        return ask_first("comments/withdraw.html", comment=comment, code=code, post=post_of(comment))
    comment, code = take_comment(code)
    is_possible = link.is_open(comment)
    if is_possible:
        withdraw(comment)
    return _stands(comment, code, "withdrawn" if is_possible or comment.taken_back else "nothing")


def _return(code: str) -> ResponseReturnValue:
    comment, code = take_comment(code)
    try:
        bring_back(comment)
    except MovedMeanwhile:
        db.session.rollback()
        return _stands(comment, code, "returned" if link.is_open(comment) else "nothing")
    return _stands(comment, code, "returned")


def _erase(code: str) -> ResponseReturnValue:
    comment, code = comment_of(code)
    if not _is_sure():
        return ask_first("comments/erase.html", comment=comment, code=code)
    erase(take_comment(code)[0])
    db.session.commit()
    return submission.settle(url_for("comments.erasure_done"), state="erased")


def _appeal(code: str) -> ResponseReturnValue:
    comment, code = take_comment(code)
    form = AppealForm()
    if not form.validate_on_submit():
        return submission.refuse(form, lambda _status: page(comment, code, appeal=form))
    try:
        Appeal.lodge(comment, form.text.data)
    except MovedMeanwhile:
        db.session.rollback()
        return _stands(comment, code, "appealed" if Appeal.of(comment) else "nothing")
    return _stands(comment, code, "appealed")


def _stands(comment: Comment, code: str, done: str) -> ResponseReturnValue:
    state = link.standing(comment).value
    db.session.commit()
    return back(code, done, state)


def _is_sure() -> bool:
    return request.form.get("sure") == "yes"


def _judgement(comment: Comment, asks: Submission) -> Judgement:
    """What judges say of new words; outside is asked only who was told of the comment itself, and in no surge.

    Where outside would have been asked and was not, our own rules alone publish nothing.
    """
    snapshot = db.session.get(Snapshot, comment.id)
    asked = replace(snapshot.submission, text=asks.text, recheck_reason="edit") if snapshot else asks
    db.session.rollback()
    is_asked = snapshot is not None and judges().uses_akismet and not pressure.is_on()
    if is_asked:
        return judges().verdict(asked)
    return for_a_person(judges().ours(asked)) if judges().uses_akismet else judges().ours(asked)


def _submission(comment: Comment, form: EditForm) -> Submission:
    """The new words, and the manner in which they came."""
    post, now = post_of(comment), clock.now()
    return Submission(
        kind="reply" if comment.parent_id else "comment",
        text=form.text.data,
        name=comment.name,
        parent_text=comment.parent.text if comment.parent else None,
        protected_names=protected_names(),
        permalink=f"{settings().base_url}/posts/{comment.post_slug}",
        user_ip=request.remote_addr or "",
        submitted_at=now,
        language=post.lang if post else campaign().language,
        may_leave=DECLINED not in comment.reasons,
        honeypot_field=form.trap.name,
        honeypot_value=form.trap.value,
        form_age_seconds=form_token.age(form.form_token.data, now),
        recheck_reason="edit",
    )


def _edit_preview(form: EditForm, comment: Comment, code: str) -> ResponseReturnValue:
    if form.preview.data == "change":
        return _edit_page(form, comment, code)
    preview = {"preview": markup.comment(form.text.data), "name": comment.name}
    return submission.ask_to_check(form, "comments/check_edit.html", preview, comment=comment, code=code)


def _edit_page(form: EditForm, comment: Comment, code: str) -> str:
    token = form.form_token.data or form_token.issue(clock.now())
    return render_template("comments/edit.html", form=form, comment=comment, code=code, form_token=token)
