"""The sample of the spam: twenty comments of each day that a person looks at; what was found stays when they go."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, update
from sqlalchemy.orm import Mapped, mapped_column

from app.comments.models.state import State
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock


class Verdict(StrEnum):
    """What a person found."""

    SPAM = "spam"
    NOT_SPAM = "not-spam"


class SampleDay(Model):
    """A day whose sample was drawn, and how much spam it was drawn from."""

    __tablename__ = "spam_sample_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    spam: Mapped[int] = mapped_column()
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Sample(Model):
    """One comment that was drawn."""

    __tablename__ = "spam_sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(ForeignKey("spam_sample_day.day"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="SET NULL"), unique=True)
    verdict: Mapped[Verdict | None] = mapped_column(state_column(Verdict, "verdict"))
    found_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @classmethod
    def find(cls, comment_id: int, verdict: Verdict) -> bool:
        """Note what a person found; False where somebody was quicker, or it was not drawn."""
        return _set((cls.comment_id == comment_id) & cls.verdict.is_(None), verdict)

    @classmethod
    def reopen(cls, comment_id: int, verdict: Verdict) -> bool:
        """Take back that this was found; False where it was not."""
        return _set((cls.comment_id == comment_id) & (cls.verdict == verdict), None)

    @classmethod
    def follow(cls, comment_ids: Collection[int], seen: State, to: State) -> None:
        """A person has decided, wherever at the desk: what was taken out of the spam was none; put back, it is open."""
        if seen == State.SPAM != to:
            _set(cls.comment_id.in_(comment_ids), Verdict.NOT_SPAM)
        elif to == State.SPAM != seen:
            _set(cls.comment_id.in_(comment_ids) & (cls.verdict == Verdict.NOT_SPAM), None)


def _set(where: ColumnElement[bool], verdict: Verdict | None) -> bool:
    """Compare and set."""
    values = {"verdict": verdict, "found_at": clock.now() if verdict else None}
    done = update(Sample).where(where).values(values).returning(Sample.id)
    return db.session.scalar(done.execution_options(synchronize_session=False)) is not None
