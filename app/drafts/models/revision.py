"""A revision: the whole source of a post as somebody saved it; its words are never changed."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.drafts import text
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.people.models import Member
from app.posts.problem import Fault


class How(StrEnum):
    """How a revision came to be."""

    WRITTEN = "written"
    AUTOSAVED = "autosaved"  # by the page, while somebody writes; the next one takes its place, unless it is kept
    RESTORED = "restored"
    PROPOSED = "proposed"  # by an editor, in a guest's text
    FROM_DISK = "from-disk"
    RELEASED = "released"  # the same words with date and status


class DraftRevision(Model):
    """One version of a draft, numbered from 1; a number is never given twice."""

    __tablename__ = "draft_revision"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    words_hash: Mapped[str] = mapped_column(String(64), default="")  # empty where the source cannot be read
    how: Mapped[How] = mapped_column(state_column(How, "how"))
    note: Mapped[str] = mapped_column(String(300), default="")
    written_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))  # none: found on disk
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[Member | None] = relationship(lazy="joined")

    @classmethod
    def write(cls, draft_id: int, number: int, source: str, *, how: How, by: Member | None, note: str = "") -> Self:
        made = cls(draft_id=draft_id, number=number, source=source, how=how, note=note[:300], written_at=clock.now())
        made.written_by, made.words_hash = by.id if by else None, _words_hash(source)
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def of(cls, draft_id: int, number: int) -> Self | None:
        return db.session.scalar(select(cls).where(cls.draft_id == draft_id, cls.number == number))

    @classmethod
    def all_of(cls, draft_id: int, limit: int, offset: int = 0) -> list[Self]:
        """The newest first."""
        found = select(cls).where(cls.draft_id == draft_id).order_by(cls.number.desc())
        return list(db.session.scalars(found.limit(limit).offset(offset)))

    @classmethod
    def before(cls, draft_id: int, number: int) -> Self | None:
        """The one that was saved before that one."""
        found = select(cls).where(cls.draft_id == draft_id, cls.number < number).order_by(cls.number.desc())
        return db.session.scalar(found.limit(1))

    @classmethod
    def drop_autosaved(cls, draft_id: int, number: int, *, by: Member) -> None:
        """What a page saved by itself makes room for what the same person saves next."""
        own = (cls.draft_id == draft_id) & (cls.number == number) & (cls.written_by == by.id)
        db.session.execute(delete(cls).where(own, cls.how == How.AUTOSAVED))

    def keep(self) -> None:
        """From now on something names it: a save, a sign-off, a release, a link. What saves itself leaves it alone."""
        by_itself = (DraftRevision.id == self.id) & (DraftRevision.how == How.AUTOSAVED)
        db.session.execute(update(DraftRevision).where(by_itself).values(how=How.WRITTEN))

    @property
    def source_hash(self) -> str:
        return text.file_hash(self.source.encode())

    @property
    def is_readable(self) -> bool:
        return bool(self.words_hash)

    @property
    def text(self) -> text.Text:
        """What writers fill in; nothing of a source that cannot be read."""
        return text.read(self.source) if self.is_readable else text.Text()


def _words_hash(source: str) -> str:
    try:
        return text.hash_of(source)
    except Fault:
        return ""
