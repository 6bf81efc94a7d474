"""The sample of the spam: what was drawn, looked at one by one, and what follows about the judges."""

from math import ceil

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.comments import removal
from app.comments.jobs import teach_akismet
from app.comments.models import Comment, MovedMeanwhile, State, sampling
from app.comments.removal import Reason
from app.desk.views.comments import DEEDS, SHOWN_AS, pieces_of, title_of
from app.desk.views.room import PER_PAGE, bp, edits_seen, page_number, reason_given, row_or_404, undoable
from app.extensions import db
from app.people import security
from app.people.models import Decision, Role


@bp.get("/sample")
@security.needs(Role.MODERATOR)
def sample() -> ResponseReturnValue:
    page, total = page_number(), sampling.count_open()
    return render_template(
        "desk/sample.html",
        rows=sampling.to_look_at(PER_PAGE, (page - 1) * PER_PAGE),
        rate=sampling.rate_now(),
        size=sampling.SIZE,
        total=total,
        page=page,
        pages=max(1, ceil(total / PER_PAGE)),
        pieces_of=pieces_of,
        title_of=title_of,
    )


@bp.post("/sample/<int:id>/decisions")
@security.needs(Role.MODERATOR)
def decide_sample(id: int) -> ResponseReturnValue:  # noqa: A002 -- the comment's
    found, deed, reason = row_or_404(Comment, id), request.form.get("deed", ""), reason_given()
    if deed not in DEEDS:
        abort(400)
    if deed == "remove" and not any(reason):
        flash(_("Please give a reason: readers will see it."), "error")
        return redirect(url_for("desk.sample"), 303)
    try:
        _decide(found, deed, reason)
    except MovedMeanwhile:
        return _moved()
    Decision.record(deed, f"comment:{found.id}", by=security.member(), reason=removal.said(*reason))
    db.session.commit()
    teach_akismet()
    _offer_undo(found, deed)
    return redirect(url_for("desk.sample"), 303)


@bp.post("/sample/<int:id>/returns")
@security.needs(Role.MODERATOR)
def reopen_sample(id: int) -> ResponseReturnValue:  # noqa: A002 -- the comment's
    """Undo: the comment is spam by the judges' word alone, and is to be looked at."""
    found, deed, edits = row_or_404(Comment, id), request.form.get("deed", ""), edits_seen()
    if deed not in DEEDS:
        abort(400)
    try:
        sampling.reopen(found, DEEDS[deed], edits=edits)
    except MovedMeanwhile:
        return _moved()
    Decision.record("sample-reopen", f"comment:{found.id}", by=security.member())
    db.session.commit()
    flash(_("Undone: the comment is where it was."))
    return redirect(url_for("desk.sample"), 303)


def _decide(found: Comment, deed: str, reason: Reason) -> None:
    if DEEDS[deed] == State.SPAM:
        sampling.confirm(found, edits=edits_seen())
    else:
        is_redacted = SHOWN_AS.get(deed)
        sampling.refute(found, DEEDS[deed], edits=edits_seen(), reason=reason, is_redacted=is_redacted)


def _offer_undo(found: Comment, deed: str) -> None:
    said = (
        _("Spam indeed: the comment by %(name)s.", name=found.name)
        if DEEDS[deed] == State.SPAM
        else _("Not spam: the comment by %(name)s.", name=found.name)
    )
    undoable(said, url_for("desk.reopen_sample", id=found.id), deed=deed, edits=str(found.edits))


def _moved() -> ResponseReturnValue:
    db.session.rollback()
    flash(_("Somebody has decided on this comment in the meantime."), "error")
    return redirect(url_for("desk.sample"), 303)
