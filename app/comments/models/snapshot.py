"""How a comment came, kept for at most 15 days so that a person's decision can teach Akismet."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db, state_column, table_of
from app.kit import clock
from app.spam.submission import Submission

KEPT_FOR = timedelta(days=15)
RETRY = timedelta(minutes=15)


class Feedback(StrEnum):
    """What a person found a comment to be."""

    SPAM = "spam"
    HAM = "ham"


class Snapshot(Model):
    """The reader's own request, never a moderator's; only kept where Akismet is used."""

    __tablename__ = "comment_snapshot"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)  # Any: JSON values
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    feedback: Mapped[Feedback | None] = mapped_column(state_column(Feedback, "feedback"))
    feedback_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    @classmethod
    def take_all(cls, came: Sequence[tuple[int, Submission]]) -> None:
        """Keep how comments came."""
        taken_at = clock.now()
        rows = [{"comment_id": id_, "data": one.to_snapshot(), "taken_at": taken_at} for id_, one in came]
        db.session.execute(insert(table_of(cls)), rows)

    @classmethod
    def teach(cls, comment_id: int, feedback: Feedback | None) -> None:
        """Note what a person found, to be told to Akismet; a later decision replaces an earlier one."""
        at = clock.now() if feedback else None
        found = update(cls).where(cls.comment_id == comment_id)
        db.session.execute(found.values(feedback=feedback, feedback_at=at))

    @classmethod
    def says(cls, comment_id: int, text: str) -> None:
        """Have it say the words of an edited comment."""
        if found := db.session.get(cls, comment_id):
            found.data = {**found.data, "text": text, "recheck_reason": "edit"}

    @classmethod
    def due(cls) -> list[int]:
        """Snapshots whose feedback has not been told yet."""
        found = select(cls.comment_id).where(cls.feedback_at <= clock.now()).order_by(cls.feedback_at)
        return list(db.session.scalars(found.limit(20)))

    @classmethod
    def forget(cls) -> int:
        """Delete what is older than it may get; how many."""
        old = delete(cls).where(cls.taken_at < clock.now() - KEPT_FOR)
        return len(db.session.execute(old.returning(cls.comment_id)).all())

    @property
    def submission(self) -> Submission:
        return Submission.from_snapshot(self.data)

    def was_told(self, feedback: Feedback, *, is_done: bool) -> None:
        """Note that Akismet knows, or that it has to be told again; a newer decision stays due."""
        at = None if is_done else clock.now() + RETRY
        same = update(Snapshot).where(Snapshot.comment_id == self.comment_id, Snapshot.feedback == feedback)
        db.session.execute(same.values(feedback_at=at))
