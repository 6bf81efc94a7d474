"""Appeals of writers: looked at by somebody else than the first time, if there is somebody else."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.comments.jobs import teach_akismet
from app.comments.models import Appeal, MovedMeanwhile, State
from app.comments.models import appeal as appeals_
from app.desk.views.room import PER_PAGE, bp, edits_seen, page_number, row_or_404
from app.extensions import db
from app.people import security
from app.people.models import Decision, Member, Role
from app.people.refused import kept
from app.web.submission import one_line

DEEDS = {"grant": "appeal-grant", "reject": "appeal-reject"}  # as the log of decisions calls them


@bp.get("/appeals")
@security.needs(Role.MODERATOR)
def appeals() -> ResponseReturnValue:
    page, who = page_number(), security.member()
    rows = appeals_.open_appeals(PER_PAGE + 1, (page - 1) * PER_PAGE)
    is_alone = not appeals_.has_others(who)
    return render_template(
        "desk/appeals.html", rows=rows[:PER_PAGE], page=page, has_more=len(rows) > PER_PAGE, is_alone=is_alone
    )


@bp.post("/appeals/<int:id>/decisions")
@security.needs(Role.MODERATOR)
def decide_appeal(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    appeal, who = row_or_404(Appeal, id), security.member()
    deed, answer = request.form.get("deed", ""), one_line(request.form.get("answer"))[:300]
    if deed not in DEEDS:
        abort(400)
    if deed == "reject" and not answer:
        flash(_("Please say why the decision stands: the writer will read it."), "error")
    elif fault := _decide(appeal, deed, who, answer):
        if page := kept(fault, url_for("desk.appeals"), stands=[appeal.answer]):
            return page
        flash(fault, "error")
    return redirect(url_for("desk.appeals"), 303)


def _decide(appeal: Appeal, deed: str, who: Member, answer: str) -> str | None:
    """What is in the way, if anything is."""
    try:
        if deed == "grant":
            appeal.grant(by=who, seen=_state_seen(), edits=edits_seen(), answer=answer)
        else:
            appeal.reject(by=who, answer=answer)
    except appeals_.NotYours:
        db.session.rollback()
        return str(_("You decided the first time. Somebody else should look at it now."))
    except MovedMeanwhile:
        db.session.rollback()
        return str(_("Somebody has decided on this comment in the meantime."))
    Decision.record(DEEDS[deed], f"comment:{appeal.comment_id}", by=who, reason=answer)
    db.session.commit()
    teach_akismet()
    flash(_("The comment is published after all.") if deed == "grant" else _("The decision stands."))
    return None


def _state_seen() -> State:
    try:
        return State(request.form.get("seen", ""))
    except ValueError:
        abort(400)
