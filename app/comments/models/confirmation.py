"""That a person confirmed what lies in the spam folder, taken back."""

from sqlalchemy import true, update

from app.cache.noting import writing_only
from app.comments.models import lessons, trust
from app.comments.models.comment import Comment, MovedMeanwhile
from app.comments.models.state import THREAD, State
from app.extensions import db


def take_back(comment: Comment, *, edits: int | None = None) -> None:
    """It lies there as if nobody had looked, has taught nothing, and has cost its hand nothing."""
    same_words = Comment.edits == edits if edits is not None else true()
    is_confirmed = (Comment.state == State.SPAM) & Comment.is_decided.is_(True) & Comment.taken_back.is_(None)
    opened = update(Comment).where(Comment.id == comment.id, is_confirmed, same_words)
    with writing_only(THREAD, {}):  # readers see nothing of it
        done = db.session.execute(opened.values(is_decided=False, bulk_id=None))
        if not done.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            raise MovedMeanwhile(comment.id)
        db.session.refresh(comment)
        lessons.teach(comment, None)
        trust.follow([comment.id], is_bad=False)
        db.session.flush()
