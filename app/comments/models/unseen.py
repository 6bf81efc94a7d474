"""What the session writes of comments by itself: whether a reader sees a difference, and under which post."""

from contextlib import ExitStack
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from app.cache.noting import is_narrowed, writing_only
from app.comments.models.comment import Comment
from app.comments.models.state import THREAD

NOT_SHOWN = frozenset({"key_hash", "link_hash", "reasons", "heard", "alert", "repeats", "is_decided", "questions"})
NOT_SHOWN |= {"ask_again_at", "edits", "cluster", "lesson", "bulk_id"}
_OPEN = "threads_written"  # in a session's info, while it flushes


@event.listens_for(Session, "before_flush")
def _say_which(session: Session, *_rest: Any) -> None:  # Any: what the event hands on
    """A comment that waits, and what is noted about one, change no page; everything else changes that of its post."""
    if is_narrowed(THREAD):
        return
    written = [one for one in (*session.new, *session.dirty, *session.deleted) if isinstance(one, Comment)]
    if not written:
        return
    threads = {one.post_slug: True for one in written if one in session.deleted or _is_seen(one)}
    opened = session.info[_OPEN] = ExitStack()
    opened.enter_context(writing_only(THREAD, threads))


@event.listens_for(Session, "after_flush")
@event.listens_for(Session, "after_soft_rollback")
def _say_no_more(session: Session, *_rest: Any) -> None:  # Any: the same
    opened = session.info.pop(_OPEN, None)
    if opened is not None:
        opened.close()


def _is_seen(comment: Comment) -> bool:
    """Whether readers see it, or have seen it, and something of it that they see changes."""
    attributes = inspect(comment).attrs
    if comment.published_at is None and not attributes.published_at.history.deleted:
        return False
    return any(one.history.has_changes() for one in attributes if one.key not in NOT_SHOWN)
