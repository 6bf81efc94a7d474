"""A sign-off: a person said yes to exactly these words, known by their SHA-256."""

from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, UtcDateTime, db
from app.kit import clock
from app.people.models import Member

_VALID = "voided_at IS NULL"


class Signoff(Model):
    """One person, one draft, the hash of its words; void as soon as a word has changed."""

    __tablename__ = "draft_signoff"
    __table_args__ = (
        Index(
            "ix_draft_signoff_valid",
            "draft_id",
            "member_id",
            unique=True,
            sqlite_where=sql(_VALID),
            postgresql_where=sql(_VALID),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    revision: Mapped[int]  # the number under which they were read
    words_hash: Mapped[str] = mapped_column(String(64))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column("signed_at", UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    by: Mapped[Member] = relationship(lazy="joined")

    @classmethod
    def give(cls, draft_id: int, revision: int, words_hash: str, *, by: Member) -> Self:
        """Sign; the same words twice is once."""
        known = next((one for one in cls.valid(draft_id) if one.member_id == by.id), None)
        if known and known.words_hash == words_hash:
            return known
        if known:
            known.voided_at = clock.now()
            db.session.flush()
        made = cls(draft_id=draft_id, revision=revision, words_hash=words_hash, member_id=by.id, at=clock.now())
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def valid(cls, draft_id: int) -> list[Self]:
        """Those that stand, in the order in which they were given."""
        found = select(cls).where(cls.draft_id == draft_id, cls.voided_at.is_(None)).order_by(cls.id)
        return list(db.session.scalars(found))

    @classmethod
    def last_until(cls, draft_id: int, moment: datetime) -> int | None:
        """The revision that was signed last until then: whatever was handed in by then was handed in by that."""
        found = select(cls.revision).where(cls.draft_id == draft_id, cls.at <= moment).order_by(cls.id.desc())
        return db.session.scalar(found.limit(1))

    @classmethod
    def void(cls, draft_id: int) -> None:
        """The words have changed, or were taken back."""
        standing = (cls.draft_id == draft_id) & cls.voided_at.is_(None)
        db.session.execute(update(cls).where(standing).values(voided_at=clock.now()))
