"""Comments whose time is over: spam, and what nobody decided."""

from datetime import timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import aliased

from app.comments.models.comment import Comment, CommentContact
from app.comments.models.snapshot import Snapshot
from app.comments.models.state import State
from app.extensions import db
from app.kit import clock

SPAM_KEPT_FOR = timedelta(days=30)
WAITING_KEPT_FOR = timedelta(days=90)
BATCH = 1_000  # comments that go in one step


def forget_spam() -> int:
    """Delete spam that came long ago; how many, 0 when none is left."""
    return _forget(State.SPAM, SPAM_KEPT_FOR)


def forget_undecided() -> int:
    """Delete comments that waited in vain; how many, 0 when none is left."""
    return _forget(State.WAITING, WAITING_KEPT_FOR)


def _forget(state: State, kept_for: timedelta) -> int:
    """One batch. Of a comment that has answers the row stays, without name and text, so that they keep their place."""
    over = (Comment.state == state) & (Comment.written_at < clock.now() - kept_for) & (Comment.text != "")
    found = select(Comment.id).where(over).order_by(Comment.id).limit(BATCH).with_for_update(skip_locked=True)
    ids = list(db.session.scalars(found))
    for table in (CommentContact, Snapshot):
        db.session.execute(delete(table).where(table.comment_id.in_(ids)))
    below = aliased(Comment)
    is_answered = exists().where((below.parent_id == Comment.id) | (below.thread_id == Comment.id))
    emptied = {"name": "", "text": "", "html": "", "alert": "", "ask_again_at": None}
    db.session.execute(update(Comment).where(Comment.id.in_(ids), is_answered).values(emptied))
    db.session.execute(delete(Comment).where(Comment.id.in_(ids), ~is_answered))
    return len(ids)
