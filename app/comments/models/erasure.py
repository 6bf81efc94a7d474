"""An erasure: name, words and all that hangs on a comment go; where readers saw it a stub keeps its place.

The row stays, empty, so that a late repetition of the form does not bring the comment back.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, String, cast, exists, literal, select

from app.comments import notes
from app.comments.models import lessons
from app.comments.models.assignment import forget_of as forget_assignment
from app.comments.models.comment import Comment
from app.comments.models.expiry import erase_rows, forget_beside
from app.comments.models.helpful import forget as forget_marks
from app.comments.models.imported import came_at
from app.comments.models.size import ThreadSize
from app.comments.models.state import State, TakenBack
from app.comments.models.withdrawal import Withdrawal
from app.extensions import db
from app.kit import clock
from app.ledger import outside
from app.people.models import Decision

WITHDRAWN_KEPT_FOR = timedelta(days=30)  # in which its writer may bring it back
REMOVED_KEPT_FOR = timedelta(days=180)  # in which its writer may appeal, and a court may ask
BATCH = 100


def erase(comment: Comment, taken_back: TakenBack = TakenBack.ERASED) -> None:
    """Delete a comment for good. Why a person removed it, or that its writer withdrew it before, stays said."""
    outside.tell(outside.COMMENT, [comment.key_hash])
    lessons.teach(comment, None)
    forget_beside([comment.id])
    forget_marks(comment.id)
    forget_assignment(comment.id)
    notes.erase(comment)
    with comment.before_readers(State.REMOVED):
        comment.name = comment.text = comment.html = comment.alert = ""
        comment.reasons, comment.ask_again_at, comment.edited_at = [], None, None
        comment.heard = comment.cluster = None
        comment.state, comment.taken_back = State.REMOVED, taken_back


def erase_again(key_hash: str) -> bool:
    """Delete a comment that an older copy of the database has brought back; whether it had."""
    here = (Comment.key_hash == key_hash) & (Comment.text != "")
    comment = db.session.scalar(select(Comment).where(here).with_for_update())
    if comment is None:
        return False
    if comment.state in {State.WAITING, State.SPAM}:
        outside.tell(outside.COMMENT, [key_hash])
        erase_rows([comment.id])
    else:
        erase(comment)
    return True


def forget_withdrawn() -> int:
    """Erase comments that their writers took back long ago; how many, 0 when none is left."""
    over = exists().where(
        Withdrawal.comment_id == Comment.id, Withdrawal.withdrawn_at < clock.now() - WITHDRAWN_KEPT_FOR
    )
    return _erase_all(over & (Comment.taken_back == TakenBack.WITHDRAWN))


def forget_removed() -> int:
    """Erase the words of comments that were removed long ago; the reason for it stays."""
    since = clock.now() - REMOVED_KEPT_FOR
    about = literal("comment:") + cast(Comment.id, String)
    is_fresh = exists().where(Decision.about == about, Decision.at >= since)
    return _erase_all((Comment.state == State.REMOVED) & (came_at() < since) & ~is_fresh)


def _erase_all(over: ColumnElement[bool]) -> int:
    found = select(Comment.id, Comment.post_slug).where(over, Comment.text != "").order_by(Comment.id).limit(BATCH)
    rows = db.session.execute(found).all()
    ThreadSize.take([row.post_slug for row in rows])
    taken = select(Comment).where(Comment.id.in_([row.id for row in rows]), over).order_by(Comment.post_slug)
    comments = db.session.scalars(taken.with_for_update(skip_locked=True, of=Comment)).all()
    for comment in comments:
        erase(comment, comment.taken_back or TakenBack.ERASED)
    return len(comments)
