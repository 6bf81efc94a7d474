"""The comments as they lie at the desk, by state."""

from sqlalchemy import func, select

from app.comments.models.comment import Comment
from app.comments.models.state import State
from app.extensions import db
from app.kit import clock


def lane(state: State, limit: int, offset: int = 0) -> list[Comment]:
    """The comments in a state: what waits oldest first, everything else newest first."""
    order = Comment.id.asc() if state == State.WAITING else Comment.id.desc()
    found = select(Comment).where(Comment.state == state, Comment.taken_back.is_(None)).order_by(order)
    return list(db.session.scalars(found.limit(limit).offset(offset)))


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
