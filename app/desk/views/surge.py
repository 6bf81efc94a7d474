"""Whether the site saves its strength: by what it measures, or because a person says so."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.views.room import bp, undoable
from app.extensions import db
from app.people import security
from app.people.models import Decision, Role
from app.surge.models import Mode, Surge
from app.surge.pressure import SIGNALS, STAYS_FROM, pressure


@bp.get("/surge")
@security.needs(Role.EDITOR)
def surge() -> ResponseReturnValue:
    pressure().look()  # who has just decided may be answered by another worker
    return render_template("desk/surge.html", row=Surge.current(), signals=SIGNALS, stays_from=STAYS_FROM)


@bp.post("/surge")
@security.needs(Role.EDITOR)
def set_surge() -> ResponseReturnValue:
    mode, row = _mode(request.form.get("mode", "")), Surge.current()
    if _mode(request.form.get("seen", "")) is not row.mode:
        flash(_("Somebody has decided on this in the meantime."), "error")
        return redirect(url_for("desk.surge"), 303)
    before = row.set_mode(mode, by=security.member())
    Decision.record(f"surge-{mode}", "surge", by=security.member())
    db.session.commit()
    pressure().look()  # this worker knows at once, the others within a second
    if "undo" in request.form:
        flash(_("Undone: it is decided as before."))
    else:
        undoable(_said(mode), url_for("desk.set_surge"), mode=before.value, seen=mode.value, undo="yes")
    return redirect(url_for("desk.surge"), 303)


def _said(mode: Mode) -> str:
    said: dict[Mode, str] = {
        Mode.AUTO: _("The site decides by what it measures."),
        Mode.ON: _("The surge has begun. It lasts until somebody ends it."),
        Mode.OFF: _("Switched off: the site leaves nothing out, whatever comes."),
    }
    return said[mode]


def _mode(value: str) -> Mode:
    try:
        return Mode(value)
    except ValueError:
        abort(400)
