"""The sample of the spam: twenty comments of each day that a person looks at; what was found stays when they go."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Self

from sqlalchemy import JSON, ForeignKey, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.comments.models.state import State
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock

if TYPE_CHECKING:
    from app.comments.models.comment import Comment

STEPS_BACK = 9  # decisions about one comment that can be undone one after the other


class Verdict(StrEnum):
    """What a person found."""

    SPAM = "spam"
    NOT_SPAM = "not-spam"

    @classmethod
    def of(cls, state: State) -> Self:
        """What a decision finds that puts a comment there."""
        return cls("spam" if state == State.SPAM else "not-spam")


class Before(NamedTuple):
    """What a drawn comment was before a decision: its verdict and when that was found, and how it lay there."""

    verdict: str | None
    found_at: str | None
    is_decided: bool
    bulk_id: int | None
    lesson: str | None


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

    place: Mapped[int] = mapped_column(default=0, server_default=sql("0"))  # in the day's draw, from 1
    before: Mapped[list[list[str | int | None]] | None] = mapped_column(JSON(none_as_null=True))  # by decision

    @classmethod
    def take(cls, comment_id: int, verdict: Verdict | None = None) -> bool:
        """Whether this is what was found by now; nobody else finds anything else before the transaction ends."""
        same = cls.verdict.is_(None) if verdict is None else cls.verdict == verdict
        taken = update(cls).where(cls.comment_id == comment_id, same).values(found_at=cls.found_at).returning(cls.id)
        return db.session.scalar(taken.execution_options(synchronize_session=False)) is not None

    @classmethod
    def follow(cls, comment: "Comment", to: State | None) -> None:
        """A person decides on this comment alone, wherever at the desk: that is the verdict, until it is undone.

        Called before it moves. To nowhere: nobody has looked at this one, and nothing was found.
        """
        row = _row(comment.id) if to else None
        if row is None or to is None:
            return
        found_at = row.found_at.isoformat() if row.found_at else None
        was = Before(row.verdict, found_at, comment.is_decided, comment.bulk_id, comment.lesson)
        row.before = [*(row.before or ()), list(was)][-STEPS_BACK:]
        row.verdict, row.found_at = Verdict.of(to), clock.now()
        db.session.flush()

    @classmethod
    def take_back(cls, comment: "Comment") -> Before | None:
        """Undo the last decision: what was found before it stands again, unless the comment lies elsewhere by now.

        What the comment was then, where that is known. Called after it has moved back.
        """
        row = _row(comment.id)
        if row is None:
            return None
        was = Before(*row.before[-1]) if row.before else None  # type: ignore[arg-type]  # as `follow` keeps it
        row.before = row.before and row.before[:-1]
        stands = was and was.verdict == Verdict.of(comment.state)
        row.verdict = Verdict.of(comment.state) if stands else None
        row.found_at = datetime.fromisoformat(was.found_at) if was and stands and was.found_at else None
        db.session.flush()
        return was


def _row(comment_id: int) -> Sample | None:
    asked = select(Sample).where(Sample.comment_id == comment_id).with_for_update()
    return db.session.scalar(asked.execution_options(populate_existing=True))
