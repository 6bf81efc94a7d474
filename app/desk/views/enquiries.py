"""Questions to the carrier: marked, passed on, declined, opened again."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.comments.models import Comment, Enquiry, NotNow, Standing
from app.comments.models.asked import lane
from app.comments.models.enquiry import CANNOT_SAY
from app.desk.views.comments import title_of
from app.desk.views.room import PER_PAGE, bp, page_number, row_or_404, undoable
from app.extensions import db
from app.people import security
from app.people.models import Decision, Member, Organisation, Role
from app.people.models.organisation import addressees
from app.people.refused import kept
from app.web.submission import one_line

LANES: dict[str, tuple[Standing | str, ...]] = {
    "open": (Standing.OPEN,),
    "passed-on": (Standing.PASSED_ON,),
    CANNOT_SAY: (CANNOT_SAY,),
    "answered": (Standing.ANSWERED,),
    "declined": (Standing.DECLINED,),
}
MOVES = {"pass-on": Standing.PASSED_ON, "decline": Standing.DECLINED, "reopen": Standing.OPEN}
UNDONE_BY = {state: deed for deed, state in MOVES.items()}


@bp.get("/questions")
@security.needs(Role.MODERATOR)
def questions() -> ResponseReturnValue:
    state, page = request.args.get("state", "open"), page_number()
    if state not in LANES:
        abort(404)
    rows = lane(LANES[state], PER_PAGE + 1, (page - 1) * PER_PAGE)
    return render_template(
        "desk/questions.html",
        rows=rows[:PER_PAGE],
        state=state,
        states=tuple(LANES),
        page=page,
        has_more=len(rows) > PER_PAGE,
        title_of=title_of,
        addressees=addressees(),
    )


@bp.post("/comments/<int:id>/questions")
@security.needs(Role.MODERATOR)
def decide_question(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    comment, who, deed = row_or_404(Comment, id), security.member(), request.form.get("deed", "")
    reason = one_line(request.form.get("reason"))[:300]
    before = _as_it_stands(comment.enquiry) if comment.enquiry else None
    if deed not in DEEDS or not comment.is_shown:
        abort(400)
    if deed == "decline" and not reason:
        flash(_("Please give a reason: readers will see it."), "error")
        return redirect(_back(comment), 303)
    try:
        DEEDS[deed](comment, who, reason)
    except NotNow:
        db.session.rollback()
        said = _("Somebody has decided on this question in the meantime.")
        if page := kept(said, _back(comment), stands=[comment.enquiry.reason] if comment.enquiry else ()):
            return page
        flash(said, "error")
        return redirect(_back(comment), 303)
    Decision.record(f"question-{deed}", f"comment:{comment.id}", by=who, reason=reason)
    db.session.commit()
    _say(comment, deed, before)
    return redirect(_back(comment), 303)


def _ask(comment: Comment, who: Member, _reason: str) -> None:
    Enquiry.ask(comment, by=who)


def _withdraw(comment: Comment, _who: Member, _reason: str) -> None:
    Enquiry.withdraw(comment)


def _move(to: Standing) -> Callable[[Comment, Member, str], None]:
    def move(comment: Comment, _who: Member, reason: str) -> None:
        seen, slug = request.form.get("seen", ""), request.form.get("to", "")
        if seen not in {*Standing, CANNOT_SAY}:
            abort(400)
        organisation = Organisation.of(slug) if slug else None
        if slug and (organisation is None or organisation.is_team):
            abort(400)
        Enquiry.move(comment, to, seen=seen, reason=reason, organisation=organisation)

    return move


DEEDS = {"ask": _ask, "withdraw": _withdraw} | {deed: _move(state) for deed, state in MOVES.items()}


def _as_it_stands(enquiry: Enquiry) -> dict[str, str]:
    """What a form would send to have it so again; what a company has said only that can say again."""
    fields = {"deed": UNDONE_BY.get(enquiry.state, ""), "reason": enquiry.reason}
    if enquiry.is_unsaid or enquiry.state is Standing.ANSWERED:
        return {"deed": ""}
    return fields | ({"to": enquiry.organisation.slug} if enquiry.organisation else {})


def _say(comment: Comment, deed: str, before: dict[str, str] | None) -> None:
    """What was done, with the way back to how the question stood."""
    if "undo" in request.form:
        flash(_("Undone: the question is where it was."))
        return
    said: dict[str, str] = {
        "ask": _("Marked as a question: the comment by %(name)s.", name=comment.name),
        "withdraw": _("Not a question any more: the comment by %(name)s.", name=comment.name),
        "pass-on": _("Passed on: the question by %(name)s.", name=comment.name),
        "decline": _("Not passed on: the question by %(name)s.", name=comment.name),
        "reopen": _("Open again: the question by %(name)s.", name=comment.name),
    }
    back = {"deed": "withdraw"} if before is None else {"deed": "ask"}
    if deed in MOVES and before:
        back = before | {"seen": MOVES[deed].value}
    if back["deed"]:
        undoable(said[deed], url_for("desk.decide_question", id=comment.id), undo="yes", **back)
    else:
        flash(said[deed])


def _back(comment: Comment) -> str:
    """Where the deed was done."""
    state = request.form.get("lane", "")
    return url_for("desk.questions", state=state) if state in LANES else url_for("desk.comment", id=comment.id)
