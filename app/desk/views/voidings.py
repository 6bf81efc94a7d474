"""Taking many reports out of the count for one public reason: counted first, asked, done, and undone."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk.views.room import PER_PAGE, bp, commit_slice, page_number, row_or_404, undoable
from app.extensions import db
from app.ledger.models import Reason
from app.people import security
from app.people.models import Decision, Member, Role
from app.reports.models import DecidedMeanwhile, State, Voiding
from app.reports.models.search import Criteria
from app.reports.models.voiding import MOST, OPEN, Find
from app.web.language import number

VOIDS = (Reason.SPAM, Reason.DUPLICATE, Reason.TEST)
SAMPLES = 5  # reports that are shown before many are taken out


@bp.get("/voidings")
@security.needs(Role.MODERATOR)
def voidings() -> ResponseReturnValue:
    page = page_number()
    rows = Voiding.newest(PER_PAGE + 1, (page - 1) * PER_PAGE)
    names = {who.id: who.first_name for who in db.session.scalars(db.select(Member))}
    return render_template(
        "desk/voidings.html", rows=rows[:PER_PAGE], names=names, page=page, has_more=len(rows) > PER_PAGE
    )


@bp.post("/voidings")
@security.needs(Role.MODERATOR)
def make_voiding() -> ResponseReturnValue:
    """First show what would be taken out; when it is sent once more as sure, do it."""
    criteria, reason = Criteria.read(request.form), request.form.get("reason", "")
    if reason not in VOIDS:
        abort(400)
    if request.form.get("sure") != "yes":
        return _ask(criteria, Reason(reason))
    say_voided(carry_out(criteria.still_open, Reason(reason), criteria.without_words()))
    return redirect(_found(criteria), 303)


@bp.post("/voidings/<int:id>/undo")
@security.needs(Role.MODERATOR)
def undo_voiding(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    voiding, done = row_or_404(Voiding, id), 0
    try:
        for count in voiding.undo():
            done += count
            commit_slice()
    except DecidedMeanwhile:
        db.session.rollback()
        flash(_("This was undone before."), "error")
        return redirect(url_for("desk.voidings"), 303)
    Decision.record("void-undo", f"voiding:{voiding.id}", by=security.member(), reason=f"{done} reports")
    db.session.commit()
    flash(
        ngettext(
            "Undone: %(count)s report is where it was.",
            "Undone: %(count)s reports are where they were.",
            done,
            count=number(done),
        )
    )
    return redirect(url_for("desk.voidings"), 303)


def carry_out(find: Find, reason: Reason, criteria: dict[str, str]) -> Voiding:
    """Take out all that is found, committing a slice at a time so that reporters hardly wait."""
    who = security.member()
    voiding = Voiding.begin(reason, criteria, member_id=who.id)
    Decision.record("void", f"voiding:{voiding.id}", by=who, reason=reason)
    for _count in voiding.slices(find):
        commit_slice()
    if voiding.reports:
        db.session.commit()
    else:
        db.session.rollback()
    return voiding


def say_voided(voiding: Voiding) -> None:
    """How many it were, with a way back."""
    if not voiding.reports:
        flash(_("Nothing was left to take out: somebody has decided in the meantime."), "error")
        return
    count = number(voiding.reports)
    said = ngettext("%(count)s report taken out.", "%(count)s reports taken out.", voiding.reports, count=count)
    undoable(said, url_for("desk.undo_voiding", id=voiding.id))


def _found(criteria: Criteria) -> str:
    asked: dict[str, Any] = criteria.given()  # Any: as url_for is typed
    return url_for("desk.search_reports", **asked)


def _ask(criteria: Criteria, reason: Reason) -> str:
    counts = criteria.counts()
    open_ = {state: counts.get(state, 0) for state in OPEN}
    return render_template(
        "desk/confirm_voiding.html",
        criteria=criteria.given(),
        reason=reason,
        counted=open_[State.COUNTED],
        held=open_[State.HELD],
        total=sum(open_.values()),
        most=MOST,
        samples=criteria.still_open(SAMPLES),
    )
