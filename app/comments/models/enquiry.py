"""A comment as a question to the carrier: open, answered, passed on, or declined for a reason that readers see."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import ForeignKey, Index, String, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.cache.noting import writing_only
from app.comments.models.fragment import Fragment
from app.comments.models.size import ThreadSize
from app.comments.models.state import THREAD, State
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.people.models import Member, Organisation
from app.people.models.organisation import TEAM

if TYPE_CHECKING:
    from app.comments.models.comment import Comment


class Standing(StrEnum):
    """What became of a question."""

    OPEN = "open"
    PASSED_ON = "passed-on"
    ANSWERED = "answered"
    DECLINED = "declined"


UNANSWERED = (Standing.PASSED_ON, Standing.OPEN)


class NotNow(Exception):
    """What became of the question meanwhile is something else than what was seen."""


class Enquiry(Model):
    """That a comment is a question to the carrier. An official answer to it answers it, and nothing else does."""

    __tablename__ = "comment_enquiry"
    __table_args__ = (Index("ix_comment_enquiry_post", "post_slug", "state", "comment_id"),)

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    post_slug: Mapped[str] = mapped_column(String(120))
    state: Mapped[Standing] = mapped_column(state_column(Standing, "state"), default=Standing.OPEN)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))  # who marked it; None is its writer
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300), default="")

    @classmethod
    def ask(cls, comment: "Comment", *, by: Member | None = None) -> Self:
        """Mark a comment as a question; one that has an official answer is answered."""
        if comment.enquiry is not None or comment.member_id is not None:
            raise NotNow(comment.id)
        member_id = by.id if by else None
        made = cls(comment_id=comment.id, post_slug=comment.post_slug, member_id=member_id, asked_at=clock.now())
        with _before_readers(comment):
            db.session.add(made)
            db.session.flush()
            _settle(comment.id)
        return made

    @classmethod
    def withdraw(cls, comment: "Comment") -> None:
        """It was no question."""
        if comment.enquiry is None:
            raise NotNow(comment.id)
        with _before_readers(comment):
            db.session.execute(delete(cls).where(cls.comment_id == comment.id))

    @classmethod
    def move(cls, comment: "Comment", to: Standing, *, seen: Standing, reason: str = "") -> None:
        """A moderator passes it on, declines it, or opens it again."""
        if Standing.ANSWERED in {to, seen}:
            raise NotNow(comment.id)
        with _before_readers(comment):
            is_seen = (cls.comment_id == comment.id) & (cls.state == seen)
            values = {"state": to, "reason": reason if to is Standing.DECLINED else ""}
            moved = db.session.execute(update(cls).where(is_seen).values(values))
            if not moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
                raise NotNow(comment.id)

    @classmethod
    def follow(cls, answer: "Comment") -> None:
        """What a member's answer answers is answered while readers see it."""
        asked = answer.parent if answer.member_id is not None else None
        if asked is not None and asked.enquiry is not None:
            with _before_readers(asked):
                _settle(asked.id)


@contextmanager
def _before_readers(comment: "Comment") -> Iterator[None]:
    """Have its page say what becomes of it; under the lock of its thread, as everything that changes fragments is."""
    is_seen = comment.was_shown
    with writing_only(THREAD, {comment.post_slug: True} if is_seen else {}):
        if is_seen:
            with ThreadSize.follows(comment.post_slug, {comment.id}):
                yield
        else:
            yield
        db.session.flush()
        db.session.expire(comment, ["enquiry"])
        if is_seen:
            Fragment.renew([comment])


def _settle(id_: int) -> None:
    """Answered while there is an official answer, since the first one; open again when there is none any more."""
    first = db.session.scalar(_answered_at(id_))
    table, values = update(Enquiry).where(Enquiry.comment_id == id_), dict[str, Any]()
    if first is not None:
        values = {"state": Standing.ANSWERED, "answered_at": first, "reason": ""}
    else:
        table = table.where(Enquiry.state == Standing.ANSWERED)
        values = {"state": Standing.OPEN, "answered_at": None}
    db.session.execute(table.values(values).execution_options(synchronize_session="fetch"))


def _answered_at(id_: int) -> Any:  # Any: a SELECT of one moment
    from app.comments.models.comment import Comment  # noqa: PLC0415 -- comments know their enquiries

    is_official = (Comment.state == State.PUBLISHED) & (Organisation.slug != TEAM)
    found = select(func.min(Comment.published_at)).join(Member, Comment.member_id == Member.id)
    return found.join(Organisation, Member.organisation_id == Organisation.id).where(
        Comment.parent_id == id_, is_official
    )


def faults() -> Iterator[str]:
    """Each question that says that it is answered, or not, and its answers say otherwise."""
    for enquiry in db.session.scalars(select(Enquiry).order_by(Enquiry.comment_id)).all():
        is_answered = db.session.scalar(_answered_at(enquiry.comment_id)) is not None
        if is_answered != (enquiry.state is Standing.ANSWERED):
            yield f"question {enquiry.comment_id} is {enquiry.state}, its answers say otherwise"


def lane(
    states: Sequence[Standing], limit: int, offset: int = 0, *, slugs: Collection[str] | None = None
) -> list["Comment"]:
    """Questions in these states that readers see, the oldest first."""
    from app.comments.models.comment import Comment  # noqa: PLC0415 -- the same

    found = select(Comment).join(Enquiry, Enquiry.comment_id == Comment.id)
    found = found.where(Enquiry.state.in_(states), Comment.state == State.PUBLISHED)
    if slugs is not None:
        found = found.where(Comment.post_slug.in_(slugs))
    return list(db.session.scalars(found.order_by(Comment.id).limit(limit).offset(offset)))


def count(states: Sequence[Standing], *, slugs: Collection[str] | None = None) -> int:
    """How many of them there are."""
    from app.comments.models.comment import Comment  # noqa: PLC0415 -- the same

    found = select(func.count()).select_from(Enquiry).join(Comment, Enquiry.comment_id == Comment.id)
    found = found.where(Enquiry.state.in_(states), Comment.state == State.PUBLISHED)
    if slugs is not None:
        found = found.where(Enquiry.post_slug.in_(slugs))
    return db.session.scalar(found) or 0
