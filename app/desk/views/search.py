"""Finding reports, and deciding on a single one."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.views.room import PER_PAGE, bp, page_number, row_or_404, undoable
from app.desk.views.voidings import VOIDS
from app.extensions import db
from app.ledger.models import Reason
from app.people import security
from app.people.models import Decision, Role
from app.reports.models import DecidedMeanwhile, Report, Source, State
from app.reports.models.search import COUNTED_TO, Criteria
from app.reports.models.voiding import MOST
from app.spam.holding import SIGNALS

DEEDS = {"recount": Report.recount, "hold": Report.hold_again}


@bp.get("/reports")
@security.needs(Role.MODERATOR)
def search_reports() -> ResponseReturnValue:
    criteria, page = Criteria.read(request.args), page_number()
    counts = criteria.counts()
    rows = criteria.page(PER_PAGE + 1, (page - 1) * PER_PAGE)
    return render_template(
        "desk/reports.html",
        criteria=criteria.given(),
        counts=counts,
        total=sum(counts.values()),
        counted_to=COUNTED_TO,
        rows=rows[:PER_PAGE],
        page=page,
        has_more=len(rows) > PER_PAGE,
        reasons=VOIDS,
        most=MOST,
        choices={"state": list(State), "source": list(Source), "signal": list(SIGNALS)},
    )


@bp.get("/reports/<int:id>")
@security.needs(Role.MODERATOR)
def report(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found = row_or_404(Report, id)
    history = Decision.about_(f"report:{found.id}")
    if found.voiding_id:
        history += Decision.about_(f"voiding:{found.voiding_id}")
    return render_template("desk/report.html", report=found, history=history, reasons=VOIDS)


@bp.post("/reports/<int:id>/decisions")
@security.needs(Role.MODERATOR)
def decide_report(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Put one report back to where it was before it was taken out."""
    found, deed = row_or_404(Report, id), request.form.get("deed", "")
    if deed not in DEEDS:
        abort(400)
    try:
        if found.reason == Reason.WITHDRAWN:  # that was its owner
            raise DecidedMeanwhile(found.id)
        DEEDS[deed](found)
    except DecidedMeanwhile:
        db.session.rollback()
        flash(_("Somebody has decided on this report in the meantime."), "error")
        return redirect(url_for("desk.report", id=id), 303)
    Decision.record(deed, f"report:{found.id}", by=security.member())
    db.session.commit()
    flash(_("Undone: the report counts again.") if deed == "recount" else _("Undone: the report waits again."))
    return redirect(url_for("desk.report", id=id), 303)


@bp.post("/reports/<int:id>/voids")
@security.needs(Role.MODERATOR)
def void_report(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Take a report that is none out of the count, or refuse it while it is held; the ledger says why."""
    found, reason = row_or_404(Report, id), request.form.get("reason", "")
    if reason not in VOIDS:
        abort(400)
    is_held, back = found.state == State.HELD, request.form.get("back", "")
    if request.form.get("sure") != "yes" and not is_held:
        return render_template("desk/void.html", report=found, reason=reason, back=back)
    try:
        found.refuse(Reason(reason)) if is_held else found.uncount(Reason(reason))
    except DecidedMeanwhile:
        db.session.rollback()
        flash(_("Somebody has decided on this report in the meantime."), "error")
        return redirect(_back(found.id), 303)
    Decision.record("refuse" if is_held else "uncount", f"report:{found.id}", by=security.member(), reason=reason)
    db.session.commit()
    said = _("Refused; it never counted.") if is_held else _("Taken out of the count; the ledger names the reason.")
    undoable(said, url_for("desk.decide_report", id=id), deed="hold" if is_held else "recount")
    return redirect(_back(found.id), 303)


def _back(id_: int) -> str:
    return url_for("desk.report", id=id_) if request.form.get("back") == "report" else url_for("desk.texts")
