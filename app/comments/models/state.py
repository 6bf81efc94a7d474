"""Where a comment is, and which readers see."""

from enum import StrEnum

from sqlalchemy import ColumnElement, FromClause, and_, exists, or_

THREAD = "thread"  # of which a page cached depends on one or some, by the post's slug (app/cache/tables.py)

IS_PUBLISHED = "state = 'published'"  # as an index has it: SQLite looks into that only for these very words
IS_OPEN_SPAM = "state = 'spam' AND is_decided = false"  # nobody has confirmed it; the same


class State(StrEnum):
    """Where a comment is."""

    WAITING = "waiting"
    PUBLISHED = "published"
    SPAM = "spam"
    REMOVED = "removed"


class TakenBack(StrEnum):
    """Why a comment is empty or not to be seen though no person removed it; if anybody ever saw it, a stub stands."""

    WITHDRAWN = "withdrawn"
    ERASED = "erased"  # by its writer; or it was removed, and its time is over


def is_seen(comment: FromClause) -> ColumnElement[bool]:
    """Published, or a stub: removed after readers had seen it, or spam that has answers.

    What was never public is cut off first, so that an index over the rest finds a page's comments. Answers and threads
    are asked for one by one: of an OR between two columns SQLite makes a walk through all that is published.
    """
    child = comment.alias("child")
    is_answered, begins_thread = (
        exists().where(column == comment.c.id, child.c.state == State.PUBLISHED)
        for column in (child.c.parent_id, child.c.thread_id)
    )
    return and_(
        comment.c.published_at.is_not(None),
        or_(
            comment.c.state == State.PUBLISHED,
            comment.c.state == State.REMOVED,
            and_(comment.c.state == State.SPAM, or_(is_answered, begins_thread)),
        ),
    )
