"""Reports that wait because something about them is in doubt: counted or refused, a group at a time."""

from collections.abc import Iterator

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.desk.views.room import PER_PAGE, bp, commit_slice, page_number, undoable
from app.desk.views.voidings import VOIDS, carry_out, say_voided
from app.extensions import db
from app.kit import ranges
from app.ledger.models import Head, Reason
from app.people import security
from app.people.models import Decision, Role
from app.reports.models import Report, State
from app.reports.models.arrival import SIMILAR
from app.reports.models.held import held_groups, held_in
from app.reports.models.voiding import SLICE
from app.web.language import number
from app.web.submission import clean

MOST = 500  # reports that one release counts, so that its undo can name each


@bp.get("/held")
@security.needs(Role.MODERATOR)
def held() -> ResponseReturnValue:
    groups, page = held_groups(), page_number()
    shown = groups[(page - 1) * PER_PAGE : page * PER_PAGE]
    total = sum(group.count for group in groups)
    more = len(groups) > page * PER_PAGE
    return render_template(
        "desk/held.html", groups=shown, total=total, page=page, has_more=more, reasons=VOIDS, most=MOST
    )


@bp.post("/held/decisions")
@security.needs(Role.MODERATOR)
def decide_held() -> ResponseReturnValue:
    """Release or refuse every report of one group."""
    group, deed = clean(request.form.get("group")), request.form.get("deed", "")
    if deed == "release":
        done = [id_ for slice_ in _released(group) for id_ in slice_]
        _say_released(done)
    elif deed in VOIDS:
        say_voided(carry_out(lambda limit: _held_only(group, limit), Reason(deed), {"state": State.HELD}))
    else:
        abort(400)
    return redirect(url_for("desk.held"), 303)


@bp.post("/held/returns")
@security.needs(Role.MODERATOR)
def take_back() -> ResponseReturnValue:
    """Undo a release: the reports leave the count again, and the ledger says why they are doubted."""
    try:
        ids = ranges.read(request.form.get("ids", ""), MOST)
    except ValueError:
        abort(400)
    copies = any(SIMILAR in report.signals for report in _counted(ids, 1))
    reason = Reason.DUPLICATE if copies else Reason.SPAM
    say_voided(carry_out(lambda limit: _counted(ids, limit), reason, {"state": State.COUNTED}))
    return redirect(url_for("desk.held"), 303)


def _released(group: str) -> Iterator[list[int]]:
    """Count the reports of a group, committing a slice at a time; the ids of each slice."""
    done = 0
    while done < MOST:
        Head.take()
        found = _held_only(group, min(SLICE, MOST - done))
        for report in found:
            report.release()
            Decision.record("count", f"report:{report.id}", by=security.member())
        if not found:
            return
        commit_slice()
        done += len(found)
        yield [report.id for report in found]


def _say_released(ids: list[int]) -> None:
    if not ids:
        flash(_("Somebody has decided on these reports in the meantime."), "error")
        return
    count = number(len(ids))
    said = ngettext(
        "Released: %(count)s report counts now.", "Released: %(count)s reports count now.", len(ids), count=count
    )
    undoable(said, url_for("desk.take_back"), ids=ranges.shorten(ids))


def _held_only(group: str, limit: int) -> list[Report]:
    """The reports of a group; a group of one may also be named by its report."""
    kind, _mark, id_ = group.partition("report:")
    if not kind and id_.isascii() and id_.isdecimal() and len(id_) < 10:
        found = select(Report).where(Report.id == int(id_), Report.state == State.HELD)
        return list(db.session.scalars(found.execution_options(populate_existing=True)))
    return held_in(group, limit)


def _counted(ids: list[int], limit: int) -> list[Report]:
    found = select(Report).where(Report.id.in_(ids), Report.state == State.COUNTED).order_by(Report.id).limit(limit)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))
