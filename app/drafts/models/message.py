"""What both sides say about a post: a query, an answer, why a proposal was refused."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.people.models import Member


class Said(StrEnum):
    """What a message is."""

    QUERY = "query"
    ANSWER = "answer"
    REFUSAL = "refusal"


class DraftMessage(Model):
    """One message about one draft; never changed."""

    __tablename__ = "draft_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[Said] = mapped_column(state_column(Said, "kind"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column("said_at", UtcDateTime)

    by: Mapped[Member] = relationship(lazy="joined")

    @classmethod
    def say(cls, draft_id: int, kind: Said, text: str, *, by: Member) -> Self:
        made = cls(draft_id=draft_id, member_id=by.id, kind=kind, text=text, at=clock.now())
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def about(cls, draft_id: int) -> list[Self]:
        """Oldest first."""
        return list(db.session.scalars(select(cls).where(cls.draft_id == draft_id).order_by(cls.id)))
