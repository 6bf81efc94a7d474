"""What one hand has written, and whether that counts for it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.comments.models import Hand, trust
from app.comments.models.hand import comments_of
from app.desk.views.room import PER_PAGE, bp, page_number, row_or_404, undoable
from app.extensions import db
from app.people import security
from app.people.models import Decision, Role

OPPOSITE = {"trust": "distrust", "distrust": "trust"}


@bp.get("/hands/<int:id>")
@security.needs(Role.MODERATOR)
def hand(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found, page = row_or_404(Hand, id), page_number()
    rows = comments_of(found, PER_PAGE + 1, (page - 1) * PER_PAGE)
    return render_template(
        "desk/hand.html",
        hand=found,
        standing=trust.of(found.id),
        rows=rows[:PER_PAGE],
        page=page,
        has_more=len(rows) > PER_PAGE,
    )


@bp.post("/hands/<int:id>/decisions")
@security.needs(Role.MODERATOR)
def decide_hand(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found, deed, who = row_or_404(Hand, id), request.form.get("deed", ""), security.member()
    if deed not in OPPOSITE:
        abort(400)
    here = url_for("desk.hand", id=found.id)
    try:
        is_moved = trust.decide(found.id, is_trusted=deed == "trust")
    except trust.StillBad:
        return _refused(
            here, _("One of its comments stands as spam or removed: until that is undone, none counts for it.")
        )
    if not is_moved:
        return _refused(here, _("Somebody has decided that before."))
    Decision.record(deed, f"hand:{found.id}", by=who)
    db.session.commit()
    said = (
        _("Its comments count for it again.")
        if deed == "trust"
        else _("From now on a person reads all of its comments.")
    )
    if "undo" in request.form:
        flash(_("Undone: it is decided as before."))
    else:
        undoable(said, url_for("desk.decide_hand", id=found.id), deed=OPPOSITE[deed], undo="yes")
    return redirect(here, 303)


def _refused(here: str, why: str) -> ResponseReturnValue:
    db.session.rollback()
    flash(why, "error")
    return redirect(here, 303)
