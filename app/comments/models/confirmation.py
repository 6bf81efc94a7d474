"""That a person looked at what lies in the spam folder, taken back."""

from sqlalchemy import select, true, update

from app.cache.noting import writing_only
from app.comments.models import lessons, trust
from app.comments.models.bulk import Bulk, Stage
from app.comments.models.comment import Comment, MovedMeanwhile
from app.comments.models.sample import Before, Sample
from app.comments.models.state import THREAD, State
from app.extensions import db


def take_back(comment: Comment, *, edits: int | None = None) -> None:
    """It lies there as if nobody had looked, and has taught nothing; one that was drawn lies there as it did before."""
    same_words = Comment.edits == edits if edits is not None else true()
    is_confirmed = (Comment.state == State.SPAM) & Comment.is_decided.is_(True) & Comment.taken_back.is_(None)
    opened = update(Comment).where(Comment.id == comment.id, is_confirmed, same_words)
    with writing_only(THREAD, {}):  # readers see nothing of it
        done = db.session.execute(opened.values(is_decided=False, bulk_id=None))
        if not done.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            raise MovedMeanwhile(comment.id)
        db.session.refresh(comment)
        was = Sample.take_back(comment)
        if was and was.is_decided and _stands(was):
            comment.is_decided, comment.bulk_id = True, was.bulk_id
        lessons.teach(comment, was.lesson if was and comment.is_decided else None)
        db.session.flush()
    trust.follow([comment.id], is_bad=comment.is_decided)


def _stands(was: Before) -> bool:
    """Whether what had been decided before still is: a bulk may have been undone since."""
    if was.bulk_id is None:
        return True
    stage = db.session.scalar(select(Bulk.stage).where(Bulk.id == was.bulk_id))
    return stage in {Stage.RUNNING, Stage.DONE}
