"""The comments as they lie at the desk, by state."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Boolean, ColumnElement, func, literal, literal_column, select, tuple_

from app.comments.models.comment import Comment
from app.comments.models.state import IS_OPEN_SPAM, State
from app.extensions import UtcDateTime, db
from app.kit import clock

AROUND = 3  # comments of its thread that are shown before and after one


def lane(state: State, limit: int, offset: int = 0, *, is_open: bool = False, cluster: str = "") -> list[Comment]:
    """The comments in a state: what waits oldest first, everything else newest first."""
    order = Comment.id.asc() if state == State.WAITING else Comment.id.desc()
    found = select(Comment).where(_lies(state, is_open=is_open, cluster=cluster)).order_by(order)
    return list(db.session.scalars(found.limit(limit).offset(offset)))


def count(state: State, *, is_open: bool = False, cluster: str = "") -> int:
    """How many there are; of spam that is open only what nobody has confirmed."""
    found = select(func.count()).select_from(Comment).where(_lies(state, is_open=is_open, cluster=cluster))
    return db.session.scalar(found) or 0


def sizes_of(clusters: Collection[str], state: State, *, is_open: bool = False) -> dict[str, int]:
    """How many comments of a state say nearly the same, of those clusters in which it is more than one."""
    found = select(Comment.cluster, func.count()).where(_lies(state, is_open=is_open), Comment.cluster.in_(clusters))
    rows = db.session.execute(found.group_by(Comment.cluster).having(func.count() > 1))
    return {row[0]: row[1] for row in rows if row[0]}


class Beside(NamedTuple):
    """The comments before and after one in its lane; None where it is the first or last."""

    before: int | None
    after: int | None


def beside(comment: Comment) -> Beside:
    """Which lie before and after it in its lane; of spam, among what is open."""
    lies = _lies(comment.state, is_open=not comment.is_decided)
    older = db.session.scalar(select(func.max(Comment.id)).where(lies, Comment.id < comment.id))
    newer = db.session.scalar(select(func.min(Comment.id)).where(lies, Comment.id > comment.id))
    return Beside(older, newer) if comment.state == State.WAITING else Beside(newer, older)


def around(comment: Comment) -> list[Comment]:
    """What readers see before and after it in its thread, in order: what it may answer, and what answers it."""
    thread = comment.thread_id or comment.id
    is_near = Comment.state == State.PUBLISHED, Comment.thread_id == thread
    order = Comment.written_at, Comment.id
    here = tuple_(literal(comment.written_at, UtcDateTime), literal(comment.id))
    before = select(Comment).where(*is_near, tuple_(*order) < here).order_by(*(one.desc() for one in order))
    after = select(Comment).where(*is_near, tuple_(*order) > here).order_by(*order).limit(AROUND)
    return [*reversed(db.session.scalars(before.limit(AROUND)).all()), *db.session.scalars(after)]


def count_by_state() -> dict[State, int]:
    """How many the desk has in each state; what writers took back is no business of the desk."""
    found = db.session.execute(select(Comment.state, func.count()).group_by(Comment.state))
    counts = {row[0]: row[1] for row in found}
    taken_back = select(func.count()).where(Comment.state == State.REMOVED, Comment.taken_back.is_not(None))
    counts[State.REMOVED] = counts.get(State.REMOVED, 0) - (db.session.scalar(taken_back) or 0)
    return counts


def due_for_judges() -> list[int]:
    """Comments that Akismet has not answered yet and whose time to ask again has come."""
    waiting = select(Comment.id).where(Comment.state == State.WAITING, Comment.ask_again_at <= clock.now())
    return list(db.session.scalars(waiting.order_by(Comment.ask_again_at).limit(20)))


def _lies(state: State, *, is_open: bool = False, cluster: str = "") -> ColumnElement[bool]:
    is_it = literal_column(IS_OPEN_SPAM, Boolean) if is_open and state == State.SPAM else Comment.state == state
    found = is_it & Comment.taken_back.is_(None)
    return found & (Comment.cluster == cluster) if cluster else found
