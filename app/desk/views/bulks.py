"""Deciding on many comments at once: counted first, asked, done a slice at a time, and undone."""

import re
import time
from dataclasses import dataclass, field, replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from app.comments import removal
from app.comments.jobs import carry_on, carry_on_bulks, teach_akismet
from app.comments.models import Bulk, MovedMeanwhile, Stage, State
from app.comments.models.bulk import left_of
from app.comments.models.counted import NotCounted, pack, unpack
from app.comments.models.selection import POSSIBLE, Selection
from app.comments.removal import Reason
from app.desk.views.comments import BLACK_OUT, DEEDS
from app.desk.views.room import MOST, PER_PAGE, bp, reason_given, row_or_404, undoable
from app.extensions import db, only_read
from app.kit import tokens
from app.people import security
from app.people.models import Decision, Role
from app.web.language import number
from app.web.submission import one_line

TYPED_FROM = 51  # comments: from here on their number has to be typed
AT_ONCE = 2.0  # seconds that the answer waits for it to be done; a form that takes three is a sign of a surge
NO_REASON = Reason()


@dataclass
class Asked:
    """What is to be done with which comments, and what was typed so far."""

    selection: Selection
    deed: str
    counted: str  # as it goes through the form
    key: str
    reason: Reason = NO_REASON
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return len(self.selection.counted)

    @property
    def must_be_typed(self) -> bool:
        return self.number >= TYPED_FROM


@bp.get("/comments/bulk")
@security.needs(Role.MODERATOR)
def count_bulk() -> ResponseReturnValue:
    """Count, and change nothing."""
    selection, deed = _selection(request.args)
    if not selection.ids and not {"ticked", "id"}.isdisjoint(request.args):  # without any it would mean the whole lane
        flash(_("Nothing is ticked."), "error")
        return redirect(_lane_of(selection), 303)
    return _ask(Asked(selection, deed, pack(selection.counted), tokens.new_key()))


@bp.post("/bulks")
@security.needs(Role.MODERATOR)
def make_bulk() -> ResponseReturnValue:
    """Begin with exactly those that were counted, and go on as long as an answer may take."""
    asked, who = _asked(), security.member()
    asked.faults = _faults(asked)
    if asked.faults:
        only_read()  # drawing the page keeps no writer waiting
        return _ask(asked), 422
    chosen = asked.selection
    made, is_new = Bulk.begin(
        asked.key,
        chosen.counted,
        was=chosen.state,
        to=chosen.to,
        by=who,
        cluster=chosen.cluster,
        reason=asked.reason.own,
        reason_key=asked.reason.key,
    )
    if is_new:
        said = " · ".join(filter(None, (str(asked.number), removal.said(*asked.reason))))  # in words when it is drawn
        Decision.record(f"bulk-{asked.deed}", made.subject, by=who, reason=said)
    db.session.commit()
    return _go_on(made.id)


@bp.get("/bulks/<int:id>")
@security.needs(Role.MODERATOR)
def bulk(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found = row_or_404(Bulk, id)
    return render_template("desk/bulk.html", bulk=found, said=said_of(found), left=left_of(found, PER_PAGE))


@bp.post("/bulks/<int:id>/undo")
@security.needs(Role.MODERATOR)
def undo_bulk(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found = row_or_404(Bulk, id)
    try:
        found.undo()
    except MovedMeanwhile:
        db.session.rollback()
        flash(_("This was undone before, or it is too late."), "error")
        return redirect(url_for("desk.bulk", id=id), 303)
    Decision.record("bulk-undone", found.subject, by=security.member())
    db.session.commit()
    return _go_on(id)


def said_of(bulk: Bulk) -> str:
    """What became of it, with its numbers."""
    if bulk.is_open:
        moved = bulk.done if bulk.stage is Stage.RUNNING else bulk.undone
        of = bulk.promised if bulk.stage is Stage.RUNNING else bulk.done
        return str(_("%(moved)s of %(all)s so far.", moved=number(moved), all=number(of)))
    if bulk.stage is Stage.UNDONE:
        return _said(bulk, bulk.undone, bulk.done, _("%(moved)s of %(all)s comments are back where they were."))
    done = {
        State.SPAM: _("%(moved)s of %(all)s comments are spam now."),
        State.REMOVED: _("%(moved)s of %(all)s comments removed."),
        State.PUBLISHED: _("%(moved)s of %(all)s comments published."),
        State.WAITING: _("%(moved)s of %(all)s comments are waiting again."),
    }
    return _said(bulk, bulk.done, bulk.promised - bulk.held, done[bulk.to])


def _said(bulk: Bulk, moved: int, of: int, done: str) -> str:
    said = [done % {"moved": number(moved), "all": number(of)}]
    if others := of - moved:
        said.append(
            ngettext("%(count)s had moved meanwhile.", "%(count)s had moved meanwhile.", others, count=number(others))
        )
    if bulk.held and bulk.stage is Stage.DONE:
        said.append(
            ngettext(
                "%(count)s was left out: it has to be looked at by itself.",
                "%(count)s were left out: they have to be looked at one by one.",
                bulk.held,
                count=number(bulk.held),
            )
        )
    return " ".join(said)


def _go_on(id_: int) -> ResponseReturnValue:
    """Move what an answer may wait for; a job moves the rest, and its page tells how far it is."""
    if not carry_on(id_, time.monotonic() + AT_ONCE):
        carry_on_bulks()
        return redirect(url_for("desk.bulk", id=id_), 303)
    teach_akismet()
    done = db.session.get_one(Bulk, id_)
    if done.can_be_undone:
        undoable(said_of(done), url_for("desk.undo_bulk", id=id_))
    else:
        flash(said_of(done))
    return redirect(url_for("desk.comments", state=done.was.value if done.was != State.WAITING else None), 303)


def _lane_of(selection: Selection) -> str:
    state = selection.state.value if selection.state != State.WAITING else None
    return url_for("desk.comments", state=state, cluster=selection.cluster or None)


def _ask(asked: Asked) -> str:
    chosen = asked.selection
    return render_template(
        "desk/count_bulk.html",
        asked=asked,
        outline=chosen.outline(),
        groups=chosen.groups(),
        samples=chosen.samples(),
        more=max(0, chosen.total - asked.number),
    )


def _asked() -> Asked:
    """What was sent, about exactly the comments that were counted."""
    selection, deed = _selection(request.form)
    said = request.form.get("counted", "")
    try:
        counted = unpack(said)
    except NotCounted:
        abort(400)
    known = replace(selection, ids=tuple(counted), known=counted)
    key = request.form.get("key", "")
    if not 0 < len(counted) <= selection.most or not 16 <= len(key) <= 100:
        abort(400)
    return Asked(known, deed, said, key, reason=reason_given())


def _faults(asked: Asked) -> dict[str, str]:
    found = dict[str, str]()
    if asked.selection.to is State.REMOVED and not any(asked.reason):
        found["reason"] = _("Please give a reason: readers will see it.")
    typed = re.sub(r"[\s.,’']", "", request.form.get("typed", ""))
    if asked.must_be_typed and typed != str(asked.number):
        found["typed"] = _("Please type the number: %(count)s.", count=number(asked.number))
    return found


def _selection(said: MultiDict[str, str]) -> tuple[Selection, str]:
    deed = said.get("deed", "spam")
    try:
        state = State(said.get("state", State.WAITING))
    except ValueError:
        abort(404)
    if deed == BLACK_OUT or deed not in DEEDS or DEEDS[deed] not in POSSIBLE.get(state, ()):
        abort(404)
    ids = [id_ for id_ in said.getlist("id", type=int) if 0 < id_ <= MOST][: 4 * PER_PAGE]
    return Selection(state, DEEDS[deed], one_line(said.get("cluster"))[:16], tuple(ids)), deed
