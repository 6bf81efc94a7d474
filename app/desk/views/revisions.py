"""New words of published comments: let through, or not."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.comments.models import MovedMeanwhile, Revision
from app.comments.models import revision as revisions_
from app.desk.views.room import PER_PAGE, bp, page_number, row_or_404
from app.extensions import db
from app.kit import diff
from app.people import security
from app.people.models import Decision, Role

DEEDS = {
    "accept": "edit-accept",
    "accept-as-written": "edit-accept-as-written",
    "refuse": "edit-refuse",
}  # as the log of decisions calls them


@bp.get("/revisions")
@security.needs(Role.MODERATOR)
def revisions() -> ResponseReturnValue:
    page = page_number()
    rows = revisions_.waiting(PER_PAGE + 1, (page - 1) * PER_PAGE)
    return render_template(
        "desk/revisions.html", rows=rows[:PER_PAGE], page=page, has_more=len(rows) > PER_PAGE, parts=diff.parts
    )


@bp.post("/revisions/<int:id>/decisions")
@security.needs(Role.MODERATOR)
def decide_revision(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """A later proposal has a number of its own: what was not shown is not let through."""
    revision, deed = row_or_404(Revision, id), request.form.get("deed", "")
    if deed not in DEEDS:
        abort(400)
    try:
        revision.refuse() if deed == "refuse" else revision.accept(as_written=deed == "accept-as-written")
    except MovedMeanwhile:
        db.session.rollback()
        flash(_("Somebody has decided on this comment in the meantime."), "error")
        return redirect(url_for("desk.revisions"), 303)
    Decision.record(DEEDS[deed], f"comment:{revision.comment_id}", by=security.member())
    db.session.commit()
    flash(_("The comment stays as it is.") if deed == "refuse" else _("The new words are published."))
    return redirect(url_for("desk.revisions"), 303)
