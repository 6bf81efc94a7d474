"""The judges: which rules there are, what they have heard, and in which mode each is."""

from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.comments.models.replay import Case, Record, Replay, cases, record, replay
from app.desk.views.room import bp, undoable
from app.extensions import db
from app.kit import clock
from app.people import security
from app.people.models import Decision, Role
from app.spam.judges import judges
from app.spam.models import ChangedMeanwhile, RuleMode
from app.spam.rules import AKISMET, KEYS, RULES, Layer, Mode, Modes, mode_of


class Line(NamedTuple):
    """What the desk says of a rule."""

    key: str
    layer: Layer
    points: int | None
    """At most; None for Akismet, which gives none."""
    mode: Mode
    record: Record
    others: dict[Mode, Replay]
    """What each other mode would have made of the last decisions."""


@bp.get("/rules")
@security.needs(Role.EDITOR)
def rules() -> ResponseReturnValue:
    modes = judges().modes()
    decided = cases(modes)
    layers = groupby(_lines(decided, modes), attrgetter("layer"))
    by_layer = [(layer, list(lines)) for layer, lines in layers]
    return render_template("desk/rules.html", layers=by_layer, decided=len(decided))


@bp.post("/rules")
@security.needs(Role.EDITOR)
def set_rule() -> ResponseReturnValue:
    rule, mode, seen = request.form.get("rule", ""), _mode("mode"), _mode("seen")
    if rule not in KEYS:
        abort(400)
    try:
        RuleMode.change(rule, mode, seen=seen, now=clock.now())
    except ChangedMeanwhile:
        db.session.rollback()
        flash(_("Somebody has decided on this in the meantime."), "error")
        return redirect(url_for("desk.rules"), 303)
    Decision.record(f"rule-{mode}", f"rule:{rule}", by=security.member())
    db.session.commit()
    if "undo" in request.form:
        flash(_("Undone: the judge is set as before."))
    else:
        undoable(_said(mode), url_for("desk.set_rule"), rule=rule, mode=seen.value, seen=mode.value, undo="yes")
    return redirect(url_for("desk.rules", _anchor=rule), 303)


def _lines(decided: list[Case], modes: Modes) -> list[Line]:
    lines = []
    for key in KEYS if judges().akismet else RULES:
        now = modes.get(key, mode_of(key))
        others = {mode: replay(decided, modes, key, mode) for mode in Mode if mode is not now}
        layer, points = (Layer.OUTSIDE, None) if key == AKISMET else (RULES[key].layer, RULES[key].most)
        lines.append(Line(key, layer, points, now, record(decided, key), others))
    return lines


def _said(mode: Mode) -> str:
    said: dict[Mode, str] = {
        Mode.OFF: _("Switched off: this judge no longer listens."),
        Mode.OBSERVE: _("This judge observes: what it hears is written down and decides nothing."),
        Mode.ENFORCE: _("This judge counts."),
    }
    return said[mode]


def _mode(field: str) -> Mode:
    try:
        return Mode(request.form.get(field, ""))
    except ValueError:
        abort(400)
