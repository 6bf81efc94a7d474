"""Comments whose time is over: spam, and what nobody decided."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import String, cast, delete, exists, literal, select, update
from sqlalchemy.orm import aliased

from app.comments import notes
from app.comments.models import hand, imported
from app.comments.models.appeal import Appeal, AppealState
from app.comments.models.comment import Comment
from app.comments.models.contact import CommentContact
from app.comments.models.gone import Gone, Left, was_looked_at
from app.comments.models.imported import came_at
from app.comments.models.revision import Revision
from app.comments.models.sampling import is_kept as is_in_sample
from app.comments.models.snapshot import Snapshot
from app.comments.models.state import State
from app.comments.models.subscription import Subscription
from app.comments.models.withdrawal import Withdrawal
from app.extensions import db
from app.kit import clock
from app.ledger import outside
from app.people.models import Decision

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
    """One batch; how many."""
    since = clock.now() - kept_for
    over = (Comment.state == state) & (came_at() < since) & (Comment.text != "")
    about = literal("comment:") + cast(Comment.id, String)
    is_fresh = exists().where(Decision.about == about, Decision.at >= since)  # its time begins anew with a decision
    is_appealed = exists().where(Appeal.comment_id == Comment.id, Appeal.state == AppealState.OPEN)
    is_over = over & ~is_fresh & ~is_appealed & ~notes.is_needed() & ~is_in_sample()
    found = select(Comment.id, Comment.key_hash).where(is_over).order_by(Comment.id).limit(BATCH)
    rows = db.session.execute(found.with_for_update(skip_locked=True)).all()
    outside.tell(outside.COMMENT, [row.key_hash for row in rows])
    erase_rows([row.id for row in rows])
    return len(rows)


def erase_rows(ids: list[int]) -> None:
    """Of a comment with answers, or a notice, the row stays, without name and text, so that they keep their place."""
    forget_beside(ids)
    below = aliased(Comment)
    is_answered = exists().where((below.parent_id == Comment.id) | (below.thread_id == Comment.id))
    emptied = {"name": "", "text": "", "html": "", "alert": "", "ask_again_at": None}
    is_kept = is_answered | notes.is_named()
    db.session.execute(update(Comment).where(Comment.id.in_(ids), is_kept).values(emptied))
    gone = delete(Comment).where(Comment.id.in_(ids), ~is_kept)
    told = gone.returning(Comment.key_hash, Comment.written_at, Comment.state, was_looked_at())
    rows = db.session.execute(told).all()
    elsewhere = imported.among([row[0] for row in rows])
    Gone.add(Left(*row[1:]) for row in rows if row[0] not in elsewhere)


def forget_beside(ids: Sequence[int]) -> None:
    """Delete all that is kept of comments in other tables."""
    for table in (CommentContact, Snapshot, Revision, Withdrawal, Appeal, Subscription):
        db.session.execute(delete(table).where(table.comment_id.in_(ids)))
    hand.leave(ids)
