"""A preview link: whoever has it reads a draft for two weeks, until it or the membership of who made it is revoked."""

from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.config import settings
from app.drafts.models.draft import Draft
from app.drafts.models.stage import State
from app.extensions import Model, UtcDateTime, db
from app.kit import clock, tokens
from app.people.models import Member

LASTS = timedelta(days=14)
GONE_AFTER = timedelta(days=30)


class Preview(Model):
    """One link. Its token is signed with the site's secret and not stored: only its hash is, to be recognised."""

    __tablename__ = "draft_preview"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    salt: Mapped[str] = mapped_column(String(43), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    revision: Mapped[int | None]  # none: whatever it says at the time
    made_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    made_as: Mapped[str | None] = mapped_column(String(64))  # the membership: invited anew it is another one
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    draft: Mapped[Draft] = relationship(lazy="joined")
    by: Mapped[Member] = relationship(lazy="joined")

    @classmethod
    def make(cls, draft: Draft, *, by: Member, is_fixed: bool = False) -> Self:
        """To whatever the draft says at the time, or fixed to what it says now."""
        Draft.take(draft.id)
        if is_fixed:
            draft.now_says().keep()
        revision = draft.current if is_fixed else None
        made = cls(draft_id=draft.id, salt=tokens.new_token(), revision=revision, made_by=by.id, made_at=clock.now())
        made.made_as = by.fs_uniquifier
        made.ends_at, made.token_hash = clock.now() + LASTS, tokens.digest(made.token)
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def by_token(cls, token: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.token_hash == tokens.digest(token)))

    @classmethod
    def open_of(cls, draft_id: int) -> list[Self]:
        """Those that lead somewhere, the newest first."""
        is_open = (cls.draft_id == draft_id) & cls.revoked_at.is_(None) & (cls.ends_at > clock.now())
        found = db.session.scalars(select(cls).where(is_open).order_by(cls.id.desc()))
        return [one for one in found if one.is_open_at(clock.now())]

    @classmethod
    def end_all(cls, draft_id: int) -> None:
        """With the draft put away every link to it ends, and none begins again when it is brought back."""
        is_open = (cls.draft_id == draft_id) & cls.revoked_at.is_(None)
        db.session.execute(update(cls).where(is_open).values(revoked_at=clock.now()))

    @classmethod
    def forget(cls) -> int:
        """Delete what has led nowhere for a month; how many. Until then whoever has it is told that it has ended."""
        long_ago = clock.now() - GONE_AFTER
        over = delete(cls).where((cls.ends_at < long_ago) | (cls.revoked_at < long_ago))
        return len(db.session.execute(over.returning(cls.id)).all())

    @property
    def token(self) -> str:
        """What the link carries: nobody makes it without the site's secret, not even from the database."""
        return tokens.keyed(settings().secret_key, "preview", self.salt).hex()

    def is_open_at(self, now: datetime) -> bool:
        """Whether it leads somewhere: not once its draft was put away, nor once its maker writes in it no more."""
        is_theirs = self.by.active and self.made_as in {None, self.by.fs_uniquifier}
        is_let = self.draft.is_written_by(self.by) and self.draft.state is not State.DISCARDED
        return self.revoked_at is None and self.ends_at > now and is_theirs and is_let

    def revoke(self) -> None:
        self.revoked_at = self.revoked_at or clock.now()
