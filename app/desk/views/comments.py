"""Deciding on comments."""

from math import ceil
from typing import Any, NamedTuple

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.comments import removal
from app.comments.jobs import teach_akismet
from app.comments.models import (
    Appeal,
    Comment,
    CommentContact,
    Hand,
    MovedMeanwhile,
    Revision,
    Sample,
    State,
    confirmation,
    trust,
)
from app.comments.models.hand import earlier_of_same_hand
from app.comments.models.lane import around, beside, count, lane, sizes_of
from app.comments.models.lessons import language_of
from app.comments.models.selection import POSSIBLE
from app.comments.removal import Reason
from app.desk.views.room import PER_PAGE, bp, edits_seen, page_number, reason_given, row_or_404, undoable
from app.extensions import db
from app.kit import diff
from app.people import security
from app.people.models import Decision, Role
from app.people.models.organisation import addressees
from app.posts.shelf import shelf
from app.spam.bayes import Word, explained
from app.spam.rules import BAYES
from app.web import blacking
from app.web.errors import wants_json
from app.web.submission import one_line

DEEDS = {"publish": State.PUBLISHED, "spam": State.SPAM, "remove": State.REMOVED, "wait": State.WAITING}
_DEED_OF = {state: deed for deed, state in DEEDS.items()}
UNCONFIRM = "unconfirm"  # that spam was looked at is taken back
BLACK_OUT = "black-out"  # publish, with what tells who somebody is blacked out
DEEDS |= {BLACK_OUT: State.PUBLISHED}
MOVED = _l("This comment has changed in the meantime: somebody decided, or its writer edited it or took it back.")
SHOWN_AS = {"publish": False, BLACK_OUT: True}  # blacked out or not; other deeds leave that as it is


@bp.get("/comments")
@security.needs(Role.MODERATOR)
def comments() -> ResponseReturnValue:
    state, cluster = _state(request.args.get("state", State.WAITING)), one_line(request.args.get("cluster"))[:16]
    is_open = state == State.SPAM and "all" not in request.args
    page, total = page_number(), count(state, is_open=is_open, cluster=cluster)
    rows = lane(state, PER_PAGE, (page - 1) * PER_PAGE, is_open=is_open, cluster=cluster)
    pages = max(1, ceil(total / PER_PAGE))
    return render_template(
        "desk/comments.html",
        rows=rows,
        words=_words_of(rows),
        pieces_of=pieces_of,
        state=state,
        cluster=cluster,
        is_open=is_open,
        alike=sizes_of({one.cluster for one in rows if one.cluster}, state, is_open=is_open),
        together=[_DEED_OF[to] for to in POSSIBLE.get(state, ())],
        page=page,
        pages=pages,
        total=total,
        title_of=title_of,
        addressees=addressees(),
    )


@bp.get("/comments/<int:id>")
@security.needs(Role.MODERATOR)
def comment(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found = row_or_404(Comment, id)
    return render_template(
        "desk/comment.html",
        comment=found,
        contact=db.session.get(CommentContact, found.id),
        post=shelf().find(found.post_slug),
        revisions=Revision.of(found),
        appeals=Appeal.of(found),
        earlier=earlier_of_same_hand(found),
        around=around(found),
        beside=beside(found),
        hand=(hand := Hand.of(found)),
        standing=trust.of(hand.id) if hand else None,
        parts=diff.parts,
        history=Decision.about_(f"comment:{found.id}"),
        addressees=addressees(),
        words=_words_of([found]).get(found.id, []),
        pieces=pieces_of(found) if found.tells_who else [],
    )


@bp.post("/comments/<int:id>/decisions")
@security.needs(Role.MODERATOR)
def decide_comment(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Decide, and say so with a way back; in JSON for the list that stays where it is."""
    found = row_or_404(Comment, id)
    before = _before(found)
    deed, seen, edits = request.form.get("deed", ""), _state(request.form.get("seen") or found.state), edits_seen()
    reason = reason_given()
    if deed not in {*DEEDS, UNCONFIRM}:
        abort(400)
    if deed == "remove" and not any(reason):
        return _refused(id, 422, _("Please give a reason: readers will see it."))
    try:
        _decide(found, deed, seen=seen, edits=edits, reason=reason)
    except MovedMeanwhile:
        db.session.rollback()
        can_go_back = seen != State.REMOVED or "undo" in request.form  # the reason that readers saw is gone
        if not can_go_back or not _is_what_we_decided(found, deed, edits, reason):
            return _refused(id, 409, str(MOVED))
    else:
        Decision.record(deed, f"comment:{found.id}", by=security.member(), reason=removal.said(*reason))
        db.session.commit()
        teach_akismet()
    if "undo" in request.form:
        return _told(_("Undone: the comment is where it was."), found, seen)
    return _told(_said(deed, found.name), found, seen, _way_back(found, deed, seen, before))


def _decide(found: Comment, deed: str, *, seen: State, edits: int, reason: Reason) -> None:
    if deed == UNCONFIRM:
        confirmation.take_back(found, edits=edits)
        return
    is_undo = "undo" in request.form
    decided = {"yes": True, "no": False}.get(request.form.get("decided", ""))
    shown = SHOWN_AS.get(deed)
    why: dict[str, Any] = {"reason": reason.own, "reason_key": reason.key}  # Any: arguments
    why |= {"is_redacted": shown, "is_finding": not is_undo}
    found.decide(DEEDS[deed], seen=seen, edits=edits, was_decided=decided, **why)
    if is_undo and DEEDS[deed] == State.SPAM and "open" in request.form:
        confirmation.take_back(found, edits=edits)
    elif is_undo:
        Sample.take_back(found)


def _is_what_we_decided(found: Comment, deed: str, edits: int, reason: Reason) -> bool:
    """Whether it stands as the same person decided last: the answer was lost, and the form is sent again."""
    last = Decision.last_about(f"comment:{found.id}")
    known = (deed, security.member().id, removal.said(*reason)[:300])
    if last is None or (last.deed, last.member_id, last.reason) != known or found.edits != edits or found.taken_back:
        return False
    stays_open = deed == UNCONFIRM or "open" in request.form
    return found.state == DEEDS.get(deed, State.SPAM) and found.is_decided != stays_open


def _refused(id_: int, code: int, why: str) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=why), code
    flash(why, "error")
    return redirect(url_for("desk.comment", id=id_), 303)


def _told(said: str, found: Comment, seen: State, undo: dict[str, str] | None = None) -> ResponseReturnValue:
    url = url_for("desk.decide_comment", id=found.id)
    if wants_json():
        return jsonify(said=said, is_decided=found.is_decided, url=url, undo=undo)
    if undo:
        undoable(said, url, **undo)
    else:
        flash(said)
    return redirect(_back(seen), 303)


def pieces_of(comment: Comment) -> list[blacking.Piece]:
    """Name and text in pieces, with what would be blacked out marked."""
    return [*blacking.pieces(comment.name), *blacking.pieces(f"\n{comment.text}")]


def _words_of(comments: list[Comment]) -> dict[int, list[Word]]:
    """The words that spoke for spam, of those comments that are here for their words."""
    heard = (one for one in comments if BAYES in (one.heard or {}))
    return explained({one.id: (one.name, one.text, language_of(one.post_slug)) for one in heard})


class _Before(NamedTuple):
    """What an undo needs to know of a comment before a decision."""

    reason: Reason
    is_redacted: bool
    is_open: bool


def _before(comment: Comment) -> _Before:
    reason = Reason(comment.removed_key, comment.removed_because)
    return _Before(reason, comment.is_redacted, comment.state == State.SPAM and not comment.is_decided)


def _way_back(comment: Comment, deed: str, seen: State, before: _Before) -> dict[str, str]:
    """What is sent to have it where it was, and if it was removed, with the reason that readers saw."""
    back = BLACK_OUT if before.is_redacted and seen == State.PUBLISHED else _DEED_OF[seen]
    back = UNCONFIRM if DEEDS[deed] == seen == State.SPAM else back
    known = {"deed": back, "seen": DEEDS[deed].value, "edits": str(comment.edits), "decided": "yes"}
    known |= {"open": "yes"} if before.is_open else {}
    return {**known, "reason": before.reason.own, "reason_key": before.reason.key, "undo": "yes"}


def _said(deed: str, name: str) -> str:
    said: dict[str, str] = {
        "wait": _("Waiting again: the comment by %(name)s.", name=name),
        "publish": _("Published: the comment by %(name)s.", name=name),
        BLACK_OUT: _("Published blacked out: the comment by %(name)s.", name=name),
        "spam": _("Moved to spam: the comment by %(name)s.", name=name),
        "remove": _("Removed: the comment by %(name)s.", name=name),
    }
    return said[deed]


def _back(state: State) -> str:
    page = request.form.get("page", type=int)
    return url_for("desk.comments", state=state.value if state != State.WAITING else None, page=page)


def _state(value: str) -> State:
    try:
        return State(value)
    except ValueError:
        abort(404)


def title_of(slug: str) -> str:
    post = shelf().find(slug)
    return post.title if post else slug
