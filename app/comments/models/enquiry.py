"""A comment as a question to the carrier: open, answered, passed on, or declined for a reason that readers see."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import ColumnElement, ForeignKey, Index, String, delete, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cache.noting import writing_only
from app.comments import unsaid
from app.comments.models.fragment import Fragment
from app.comments.models.size import ThreadSize
from app.comments.models.state import THREAD, State
from app.config import campaign
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.people.models import Member, Organisation

if TYPE_CHECKING:
    from app.comments.models.comment import Comment


class Standing(StrEnum):
    """What became of a question."""

    OPEN = "open"
    PASSED_ON = "passed-on"
    ANSWERED = "answered"
    DECLINED = "declined"


UNANSWERED = (Standing.PASSED_ON, Standing.OPEN)
CANNOT_SAY = "cannot-say"  # how an unanswered question is shown of which its company has said that it cannot answer


class NotNow(Exception):
    """What became of the question meanwhile is something else than what was seen."""


class NotYours(Exception):
    """The question is put to another organisation, or is none."""


NOTHING_UNSAID: dict[str, Any] = {"unsaid_at": None, "unsaid_by": None, "unsaid_key": "", "unsaid_words": ""}


class Enquiry(Model):
    """That a comment is a question. An official answer of whom it is put to answers it, and nothing else does."""

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
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # None is the carrier
    unsaid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when that organisation said that it cannot say
    unsaid_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    unsaid_key: Mapped[str] = mapped_column(String(31), default="", server_default=sql("''"))  # of a public reason
    unsaid_words: Mapped[str] = mapped_column(String(300), default="", server_default=sql("''"))

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered or declined it."""
        return self.state in UNANSWERED

    @property
    def is_unsaid(self) -> bool:
        """Whether all that its company has said is that it cannot say."""
        return self.is_open and self.unsaid_at is not None

    @property
    def shown(self) -> str:
        """How it stands, as pages say it."""
        return CANNOT_SAY if self.is_unsaid else self.state.value

    @property
    def why(self) -> str:
        """Why it is not answered, in the page's language."""
        return unsaid.said(self.unsaid_key, self.unsaid_words) if self.is_unsaid else self.reason

    @property
    def told(self) -> tuple[str, str, str, str]:
        """The same in no language: how it stands, the words why, the key of a public reason, whom it is put to."""
        words, key = (self.unsaid_words, self.unsaid_key) if self.is_unsaid else (self.reason, "")
        return self.shown, words, key, self.put_to

    @property
    def put_to(self) -> str:
        """The organisation's name where that is not the carrier."""
        one = self.organisation
        return "" if one is None or one.slug == campaign().carrier_slug else one.name

    def is_for(self, organisation: Organisation) -> bool:
        """Whether it is put to this organisation."""
        asked = self.organisation.slug if self.organisation else campaign().carrier_slug
        return organisation.slug == asked

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
    def move(
        cls,
        comment: "Comment",
        to: Standing,
        *,
        seen: Standing | str,
        reason: str = "",
        organisation: Organisation | None = None,
    ) -> None:
        """A moderator passes it on (to whom, if not the carrier), declines it, or opens it again.

        Whom it is put to now may have answered before: then it is answered.
        """
        if Standing.ANSWERED in {to, seen}:
            raise NotNow(comment.id)
        values = {"state": to, "reason": reason if to is Standing.DECLINED else ""} | NOTHING_UNSAID
        values["organisation_id"] = organisation.id if organisation and to is Standing.PASSED_ON else None
        with _before_readers(comment):
            _set(comment, _was_seen(seen), values)
            _settle(comment.id)

    @classmethod
    def cannot_say(cls, comment: "Comment", key: str, words: str, *, by: Member) -> bool:
        """Whom it is put to says for all to read why there is no answer; it stays unanswered. False: it was said.

        Raises NotYours for another organisation's question and NotNow where something else was decided meanwhile.
        """
        enquiry = comment.enquiry
        if enquiry is None or not by.is_guest or not enquiry.is_for(by.organisation):
            raise NotYours(comment.id)
        if enquiry.is_unsaid and (enquiry.unsaid_key, enquiry.unsaid_words, enquiry.unsaid_by) == (key, words, by.id):
            return False
        still = cls.state.in_(UNANSWERED) & cls.unsaid_at.is_(None) & _put_as(enquiry)
        values = {"unsaid_at": clock.now(), "unsaid_by": by.id, "unsaid_key": key, "unsaid_words": words}
        with _before_readers(comment):
            _set(comment, still, values)
        return True

    @classmethod
    def take_back(cls, comment: "Comment", *, by: Member) -> bool:
        """That nothing can be said is not said any more; False where it is not. Raises as `cannot_say` does."""
        enquiry = comment.enquiry
        if enquiry is None or not by.is_guest or not enquiry.is_for(by.organisation):
            raise NotYours(comment.id)
        if not enquiry.is_unsaid:
            return False
        with _before_readers(comment):
            _set(comment, cls.state.in_(UNANSWERED) & cls.unsaid_at.is_not(None) & _put_as(enquiry), NOTHING_UNSAID)
        return True

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


def _set(comment: "Comment", as_seen: ColumnElement[bool], values: dict[str, Any]) -> None:
    """Compare and set."""
    moved = db.session.execute(update(Enquiry).where(Enquiry.comment_id == comment.id, as_seen).values(values))
    if not moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise NotNow(comment.id)


def _was_seen(seen: Standing | str) -> ColumnElement[bool]:
    if seen == CANNOT_SAY:
        return Enquiry.state.in_(UNANSWERED) & Enquiry.unsaid_at.is_not(None)
    return (Enquiry.state == Standing(seen)) & Enquiry.unsaid_at.is_(None)


def _put_as(enquiry: Enquiry) -> ColumnElement[bool]:
    """That nobody has passed it on to another organisation meanwhile."""
    if enquiry.organisation_id is None:
        return Enquiry.organisation_id.is_(None)
    return Enquiry.organisation_id == enquiry.organisation_id


def _settle(id_: int) -> None:
    """Answered while there is an answer of whom it is put to, since the first; open again when there is none."""
    first = db.session.scalar(_answered_at(id_))
    table, values = update(Enquiry).where(Enquiry.comment_id == id_), dict[str, Any]()
    if first is not None:
        values = {"state": Standing.ANSWERED, "answered_at": first, "reason": ""} | NOTHING_UNSAID
    else:
        table = table.where(Enquiry.state == Standing.ANSWERED)
        values = {"state": Standing.OPEN, "answered_at": None}
    db.session.execute(table.values(values).execution_options(synchronize_session="fetch"))


def _answered_at(id_: int) -> Any:  # Any: a SELECT of one moment
    from app.comments.models.comment import Comment  # noqa: PLC0415 -- comments know their enquiries

    put_to_carrier = Enquiry.organisation_id.is_(None) & (Organisation.slug == campaign().carrier_slug)
    is_theirs = (Organisation.id == Enquiry.organisation_id) | put_to_carrier
    found = select(func.min(Comment.published_at)).join(Enquiry, Enquiry.comment_id == Comment.parent_id)
    found = found.join(Member, Comment.member_id == Member.id).join(Organisation, is_theirs)
    its = (Comment.parent_id == id_) & (Comment.state == State.PUBLISHED)
    return found.where(its, Member.organisation_id == Organisation.id)


def faults() -> Iterator[str]:
    """Each question that says that it is answered, or not, and its answers say otherwise."""
    for enquiry in db.session.scalars(select(Enquiry).order_by(Enquiry.comment_id)).all():
        is_answered = db.session.scalar(_answered_at(enquiry.comment_id)) is not None
        if is_answered != (enquiry.state is Standing.ANSWERED):
            yield f"question {enquiry.comment_id} is {enquiry.state}, its answers say otherwise"
