"""A withdrawal: its writer takes a comment back, and may bring it back to where it was."""

from datetime import datetime

from sqlalchemy import ForeignKey, update
from sqlalchemy.orm import Mapped, mapped_column

from app.comments.models import trust
from app.comments.models.comment import Comment, MovedMeanwhile
from app.comments.models.helpful import forget as forget_marks
from app.comments.models.link import is_open
from app.comments.models.state import State, TakenBack
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.spam.judges import judges


class Withdrawal(Model):
    """Where a comment was when its writer withdrew it."""

    __tablename__ = "comment_withdrawal"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    was: Mapped[State] = mapped_column(state_column(State, "was"))
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


def withdraw(comment: Comment) -> None:
    """Leave a stub of a comment that readers saw, and nothing of another; no decision of a person is undone by it."""
    if not is_open(comment):
        raise MovedMeanwhile(comment.id)
    was = comment.state
    _move(comment, was, State.REMOVED, TakenBack.WITHDRAWN)
    forget_marks(comment.id)
    db.session.merge(Withdrawal(comment_id=comment.id, was=was, withdrawn_at=clock.now()))


def bring_back(comment: Comment) -> None:
    """Undo a withdrawal: the same words, where they were. What was never judged is judged now."""
    made = db.session.get(Withdrawal, comment.id)
    if made is None or comment.taken_back is not TakenBack.WITHDRAWN:
        raise MovedMeanwhile(comment.id)
    _move(comment, State.REMOVED, made.was, None)
    db.session.delete(made)


def overrule(comment: Comment) -> None:
    """Let a person decide on what its writer withdrew: it cannot be brought back. Its row stays for `restore`."""
    _move(comment, State.REMOVED, State.REMOVED, None)


def restore(comment: Comment) -> None:
    """Undo that: it is as its writer left it."""
    _move(comment, State.REMOVED, State.REMOVED, TakenBack.WITHDRAWN)
    trust.follow([comment.id], is_bad=False)


def _move(comment: Comment, seen: State, to: State, taken_back: TakenBack | None) -> None:
    """Compare and set, as every move of a comment."""
    with comment.before_readers(to):
        is_asked = to is State.WAITING and not comment.is_decided and judges().uses_akismet
        values = {"state": to, "taken_back": taken_back, "ask_again_at": clock.now() if is_asked else None}
        here = (Comment.id == comment.id) & (Comment.state == seen)
        moved = db.session.scalar(update(Comment).where(here).values(values).returning(Comment.id))
        if moved is None:
            raise MovedMeanwhile(comment.id)
        db.session.refresh(comment)
