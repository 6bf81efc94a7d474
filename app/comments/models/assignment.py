"""Which of a company's people has a question, and what a colleague noted for them; nobody else ever sees it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.comments.models.enquiry import NotNow, NotYours
from app.extensions import Model, UtcDateTime, db
from app.kit import clock
from app.people.models import Member
from app.spam.models.upsert import insert_into

if TYPE_CHECKING:
    from app.comments.models.comment import Comment

LONGEST = 300  # characters of a note
KEPT_FOR = timedelta(days=180)


class Assignment(Model):
    """That a question lies with one person; a later one takes its place."""

    __tablename__ = "comment_assignment"

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    note: Mapped[str] = mapped_column(String(LONGEST), default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    to: Mapped[Member] = relationship(foreign_keys=[to_id], lazy="joined")
    by: Mapped[Member] = relationship(foreign_keys=[by_id], lazy="joined")

    @classmethod
    def give(cls, comment: "Comment", to: Member, note: str, *, by: Member, seen: int) -> bool:
        """Give a question to a colleague; `seen` is with whom it was seen to lie, 0 for nobody. False: it lay there.

        Raises NotYours for what is another company's, and NotNow if a colleague was quicker.
        """
        _check_is_theirs(comment, by)
        if not (to.active and to.is_guest and to.organisation_id == by.organisation_id):
            raise NotYours(comment.id)
        known = cls.of([comment.id], by).get(comment.id)
        if known and (known.to_id, known.by_id, known.note) == (to.id, by.id, note):
            return False
        values = {"organisation_id": by.organisation_id, "to_id": to.id, "by_id": by.id, "note": note}
        if not cls._put(comment.id, values | {"given_at": clock.now()}, seen):
            raise NotNow(comment.id)
        db.session.expire_all()
        return True

    @classmethod
    def _put(cls, comment_id: int, values: dict[str, object], seen: int) -> bool:
        """Compare and set; what another company was told before the question was passed on anew makes room."""
        if seen:
            here = (cls.comment_id == comment_id) & (cls.to_id == seen)
            moved = db.session.execute(update(cls).where(here).values(values))
            return bool(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it
        others = (cls.comment_id == comment_id) & (cls.organisation_id != values["organisation_id"])
        db.session.execute(delete(cls).where(others))
        new = insert_into(cls).on_conflict_do_nothing().returning(cls.comment_id)
        return db.session.execute(new, values | {"comment_id": comment_id}).first() is not None

    @classmethod
    def take_back(cls, comment: "Comment", *, by: Member, seen: int) -> bool:
        """It lies with nobody again; False if it did. Raises as `give` does."""
        _check_is_theirs(comment, by)
        theirs = (cls.comment_id == comment.id) & (cls.organisation_id == by.organisation_id)
        gone = db.session.execute(delete(cls).where(theirs, cls.to_id == seen).returning(cls.comment_id)).first()
        if gone is None and cls.of([comment.id], by):
            raise NotNow(comment.id)
        return gone is not None

    @classmethod
    def of(cls, comment_ids: Collection[int], member: Member) -> dict[int, Self]:
        """Where these questions lie, as far as the member's own organisation has said."""
        found = select(cls).where(cls.comment_id.in_(comment_ids), cls.organisation_id == member.organisation_id)
        return {one.comment_id: one for one in db.session.scalars(found)}


def colleagues(member: Member) -> list[Member]:
    """The others of their organisation, by name."""
    found = select(Member).where(Member.organisation_id == member.organisation_id, Member.active)
    return [one for one in db.session.scalars(found.order_by(Member.first_name, Member.id)) if one.id != member.id]


def forget() -> int:
    """Delete what was given long ago; how many."""
    over = Assignment.given_at < clock.now() - KEPT_FOR
    return len(db.session.execute(delete(Assignment).where(over).returning(Assignment.comment_id)).all())


def forget_of(comment_id: int) -> None:
    """Of a comment that is gone nobody keeps a note."""
    db.session.execute(delete(Assignment).where(Assignment.comment_id == comment_id))


def _check_is_theirs(comment: "Comment", by: Member) -> None:
    enquiry = comment.enquiry
    if enquiry is None or not by.is_guest or not enquiry.is_for(by.organisation):
        raise NotYours(comment.id)
    if not enquiry.is_open:
        raise NotNow(comment.id)
