"""A comment that is nobody else's until the transaction ends."""

from app.comments.models.comment import Comment
from app.comments.models.size import ThreadSize
from app.extensions import db


def take(comment: Comment) -> None:
    """Take its thread, then itself, as it stands now; whatever is about it (an appeal, a notice) is taken afterwards.

    Everybody takes them in this order. In another one two deeds could wait for each other.
    """
    ThreadSize.take([comment.post_slug])
    db.session.refresh(comment, with_for_update=True)
