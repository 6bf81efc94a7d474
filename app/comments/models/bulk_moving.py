"""How the comments of a bulk move, a slice in a transaction: what no reader has seen all at once, the others singly.

Whatever `Comment.decide` does for one comment is done here for many, or by `Comment.decide` itself: what readers see,
or saw, and what members wrote goes through it, under the locks of its threads, taken before any comment's.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, insert, literal, select, update
from sqlalchemy import String as SqlString

from app.cache.noting import writing_only
from app.comments import removal
from app.comments.models import lessons, trust
from app.comments.models.bulk import Bulk, BulkItem, Fate, Stage
from app.comments.models.comment import FEEDBACK, Comment, MovedMeanwhile
from app.comments.models.selection import is_held_back
from app.comments.models.size import ThreadSize
from app.comments.models.snapshot import Feedback, Snapshot
from app.comments.models.state import THREAD, State
from app.extensions import db, table_of
from app.kit import clock
from app.people.models import Decision

SLICE = 200  # comments that move together: so long a reader's comment may wait, about a tenth of a second
SINGLY = 4  # of those that move one by one

DEEDS = {State.SPAM: "spam", State.REMOVED: "remove", State.PUBLISHED: "publish", State.WAITING: "wait"}
BACK = "undone"  # the deed by which each went back; it is none against which anybody could appeal

NOTHING: Mapping[int, bool] = MappingProxyType({})

comment, item, snapshot = table_of(Comment), table_of(BulkItem), table_of(Snapshot)


def look_ahead(id_: int) -> dict[int, bool]:
    """Of the next slice to be published, which are held back: worked out while nobody has to wait for it."""
    bulk = db.session.get(Bulk, id_)
    if bulk is None or bulk.stage is not Stage.RUNNING or bulk.to is not State.PUBLISHED:
        return {}
    found = select(Comment).where(Comment.id.in_(_standing(bulk).limit(SINGLY)))
    return {one.id: is_held_back(one) for one in db.session.scalars(found)}


def step(id_: int, known: Mapping[int, bool] = NOTHING) -> bool:
    """Move the next slice of a bulk, on or back; False once it is finished. The caller commits.

    `known` is what `look_ahead` found; it holds, as only words that were counted move.
    """
    bulk = Bulk.take(id_)
    if not bulk.is_open:
        return False
    is_back = bulk.stage is Stage.UNDOING
    together, singly = (_back, _back_singly) if is_back else (_on, partial(_on_singly, known=known))
    moved = _together(bulk, together) or _singly(bulk, singly)
    if not moved:
        _leave(bulk)
        bulk.finish()
    db.session.flush()
    return moved


def _together(bulk: Bulk, move: Callable[[Bulk, list[int]], None]) -> bool:
    """Move what no reader sees a difference of; whether there was something."""
    ids = list(db.session.scalars(_standing(bulk).where(_is_unseen(bulk)).limit(SLICE).with_for_update(of=comment)))
    if not ids:
        return False
    with writing_only(THREAD, {}):
        move(bulk, ids)
    return True


def _singly(bulk: Bulk, move: Callable[[Bulk, Comment], None]) -> bool:
    """Move what readers see, or saw, or a member wrote; whether there was something."""
    ids = list(db.session.scalars(_standing(bulk).limit(SINGLY)))
    found = select(Comment).where(Comment.id.in_(ids)).order_by(Comment.id)
    rows = list(db.session.scalars(found.execution_options(populate_existing=True)))
    ThreadSize.take([one.post_slug for one in rows])
    for one in rows:
        try:
            move(bulk, one)
        except MovedMeanwhile:
            _mark(bulk, [one.id], Fate.KEPT if bulk.stage is Stage.UNDOING else Fate.LEFT)
    return bool(rows)


def _standing(bulk: Bulk) -> Select[int]:
    """The comments of a bulk that still are as they were counted; or on the way back, as the bulk left them."""
    found = select(comment.c.id).join(item, item.c.comment_id == comment.c.id).where(item.c.bulk_id == bulk.id)
    return found.where(_stands(bulk)).order_by(comment.c.id)


def _stands(bulk: Bulk) -> ColumnElement[bool]:
    is_same = (comment.c.edits == item.c.edits) & comment.c.taken_back.is_(None)
    if bulk.stage is Stage.UNDOING:
        is_same &= (item.c.fate == Fate.DONE) & (comment.c.bulk_id == bulk.id)
        return is_same & (comment.c.state == bulk.to)
    is_same &= (item.c.fate == Fate.PENDING) & (comment.c.state == bulk.was)
    return is_same & comment.c.is_decided.is_(False) if bulk.to == bulk.was else is_same


def _is_unseen(bulk: Bulk) -> ColumnElement[bool]:
    """No page changes: it stays where it is, or no reader has ever seen it and none will."""
    if bulk.to == bulk.was:
        return literal(True)
    is_unseen = comment.c.published_at.is_(None) & comment.c.member_id.is_(None)
    return is_unseen if bulk.to is not State.PUBLISHED else literal(False)


def _on(bulk: Bulk, ids: list[int]) -> None:
    _note_before(bulk, ids)
    lessons.teach_all(ids, FEEDBACK.get(bulk.to))
    values: dict[str, Any] = {"state": bulk.to, "is_decided": True, "ask_again_at": None}  # Any: columns' values
    key, own = (bulk.reason_key, bulk.reason) if bulk.to is State.REMOVED else ("", "")
    values |= {"removed_key": key, "removed_because": own, "bulk_id": bulk.id}
    db.session.execute(update(comment).where(comment.c.id.in_(ids)).values(values))
    if bulk.to != bulk.was:
        feedback = FEEDBACK.get(bulk.to)
        values = {"feedback": feedback, "feedback_at": clock.now() if feedback else None}
        db.session.execute(update(snapshot).where(snapshot.c.comment_id.in_(ids)).values(values))
    trust.follow(ids, is_bad=bulk.to in trust.BAD)
    _done(bulk, ids)


def _on_singly(bulk: Bulk, one: Comment, known: Mapping[int, bool]) -> None:
    if bulk.to is State.PUBLISHED and (known[one.id] if one.id in known else is_held_back(one)):
        _mark(bulk, [one.id], Fate.HELD)
        bulk.held += 1
        return
    edits = db.session.scalar(select(item.c.edits).where(item.c.bulk_id == bulk.id, item.c.comment_id == one.id))
    _note_before(bulk, [one.id])
    why: dict[str, Any] = {"reason": bulk.reason, "reason_key": bulk.reason_key}  # Any: arguments
    one.decide(bulk.to, seen=bulk.was, edits=edits, is_finding=False, **why)
    with writing_only(THREAD, {}):
        one.bulk_id = bulk.id
        db.session.flush()
    _done(bulk, [one.id])


def _done(bulk: Bulk, ids: Sequence[int]) -> None:
    _mark(bulk, ids, Fate.DONE)
    _record(bulk, ids, DEEDS[bulk.to], removal.said(bulk.reason_key, bulk.reason)[:300])
    bulk.done += len(ids)


def _back(bulk: Bulk, ids: list[int]) -> None:
    for lesson in (None, *Feedback):
        same = select(item.c.comment_id).where(item.c.bulk_id == bulk.id, item.c.comment_id.in_(ids))
        is_it = item.c.lesson.is_(None) if lesson is None else item.c.lesson == lesson
        lessons.teach_all(list(db.session.scalars(same.where(is_it))), lesson)
    was = {"is_decided": item.c.was_decided, "ask_again_at": item.c.ask_again_at, "bulk_id": item.c.before_id}
    was |= {"removed_because": item.c.removed_because, "removed_key": item.c.removed_key}
    of_it = and_(item.c.bulk_id == bulk.id, item.c.comment_id == comment.c.id, comment.c.id.in_(ids))
    db.session.execute(update(comment).where(of_it).values({"state": literal(bulk.was, comment.c.state.type), **was}))
    if bulk.to != bulk.was:
        _tell_akismet_otherwise(bulk, ids)
    trust.follow(ids, is_bad=False)
    _mark(bulk, ids, Fate.UNDONE)
    _record(bulk, ids, BACK, "")
    bulk.undone += len(ids)


def _back_singly(bulk: Bulk, one: Comment) -> None:
    """First readers see it where it was; what nobody sees is put back as with all others."""
    one.decide(bulk.was, seen=bulk.to, edits=one.edits, is_finding=False)
    db.session.flush()
    with writing_only(THREAD, {}):
        _back(bulk, [one.id])


def _tell_akismet_otherwise(bulk: Bulk, ids: Sequence[int]) -> None:
    """What has not been told yet is never told; what has been is told anew where it had said something before."""
    is_told = snapshot.c.feedback_at.is_(None) & snapshot.c.feedback.is_not(None)
    again = case((item.c.feedback.is_not(None), literal(clock.now(), snapshot.c.feedback_at.type)), else_=None)
    values = {"feedback": item.c.feedback, "feedback_at": case((is_told, again), else_=item.c.feedback_at)}
    of_it = and_(item.c.bulk_id == bulk.id, item.c.comment_id == snapshot.c.comment_id, item.c.comment_id.in_(ids))
    db.session.execute(update(snapshot).where(of_it).values(values))


def _note_before(bulk: Bulk, ids: Sequence[int]) -> None:
    of_it = and_(item.c.bulk_id == bulk.id, item.c.comment_id.in_(ids))
    values = {
        "was_decided": comment.c.is_decided,
        "removed_because": comment.c.removed_because,
        "removed_key": comment.c.removed_key,
        "lesson": comment.c.lesson,
        "ask_again_at": comment.c.ask_again_at,
        "before_id": comment.c.bulk_id,
    }
    db.session.execute(update(item).where(of_it, comment.c.id == item.c.comment_id).values(values))
    told = {"feedback": snapshot.c.feedback, "feedback_at": snapshot.c.feedback_at}
    db.session.execute(update(item).where(of_it, snapshot.c.comment_id == item.c.comment_id).values(told))


def _leave(bulk: Bulk) -> None:
    """What is still to move has moved by other hands."""
    rest = {Fate.PENDING: Fate.LEFT} | ({Fate.DONE: Fate.KEPT} if bulk.stage is Stage.UNDOING else {})
    for fate, becomes in rest.items():
        left = update(item).where(item.c.bulk_id == bulk.id, item.c.fate == fate)
        db.session.execute(left.values(fate=becomes))


def _mark(bulk: Bulk, ids: Sequence[int], fate: Fate) -> None:
    mine = update(item).where(item.c.bulk_id == bulk.id, item.c.comment_id.in_(ids))
    db.session.execute(mine.values(fate=fate))


def _record(bulk: Bulk, ids: Sequence[int], deed: str, reason: str) -> None:
    """Each has its line in the log, as after any decision: its writer may appeal, and its time begins anew."""
    decision = table_of(Decision)
    about = literal("comment:") + comment.c.id.cast(SqlString)
    at = literal(clock.now(), decision.c.decided_at.type)
    rows = select(at, literal(bulk.member_id), literal(deed), about, literal(reason), literal(bulk.id))
    into = ("decided_at", "member_id", "deed", "about", "reason", "bulk_id")
    found = rows.where(comment.c.id.in_(ids)).order_by(comment.c.id)
    db.session.execute(insert(decision).from_select(list(into), found, include_defaults=False))
