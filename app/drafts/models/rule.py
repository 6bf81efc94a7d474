"""What an organisation has decided about its own posts: whether two of its people sign each of them off."""

from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, UtcDateTime, db
from app.kit import clock
from app.people.models import Member, Organisation


class DraftRule(Model):
    """Four eyes: any of its people can ask for it; only the site's editors let it go, so that nobody does so alone."""

    __tablename__ = "draft_rule"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    needs_two: Mapped[bool]
    set_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @classmethod
    def all_standing(cls) -> list[Self]:
        return list(db.session.scalars(select(cls).where(cls.needs_two).order_by(cls.organisation_id)))

    @classmethod
    def of(cls, organisation_id: int) -> Self | None:
        return db.session.get(cls, organisation_id)

    @classmethod
    def put(cls, organisation: Organisation, *, needs_two: bool, by: Member) -> Self:
        row = cls.of(organisation.id) or cls(organisation_id=organisation.id)
        row.needs_two, row.set_by, row.set_at = needs_two, by.id, clock.now()
        db.session.add(row)
        return row


def signatures_needed(organisation_id: int | None) -> int:
    """How many of its people sign a post off."""
    rule = DraftRule.of(organisation_id) if organisation_id else None
    return 2 if rule and rule.needs_two else 1
