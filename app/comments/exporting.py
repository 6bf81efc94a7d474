"""All comments as lines of our own file, in the order of their numbers: what answers another stands below it."""

from collections.abc import Iterator
from contextlib import closing

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.comments.line import header, line_of
from app.comments.models import Comment
from app.extensions import db, paged

BATCH = 1000


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Comment)) or 0


def lines() -> Iterator[str]:
    """The first one says what the file is, and how many follow; then one for each comment."""
    yield header(count())
    above = aliased(Comment)
    asked = select(Comment, above.key_hash).outerjoin(above, Comment.parent_id == above.id).order_by(Comment.id)
    with closing(paged(asked, BATCH)) as found:
        for comment, parent in found:
            yield line_of(comment, parent)
