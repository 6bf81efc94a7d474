"""A grant: that a company finds figures, which everybody may read, prepared as a table in its room."""

from datetime import date, datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import ForeignKey, Index, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.people.models import Member, Organisation

STANDS = "ended_at IS NULL"


class Kind(StrEnum):
    """Sets of published figures; nothing else can be granted."""

    PLACES = "places"
    SYMPTOMS = "symptoms"
    DAYS = "days"
    PROMISES = "promises"
    HANDOVERS = "handovers"


class GrantRefused(Exception):
    """It stands already, would end before it begins, or is for nobody outside the team."""


class Grant(Model):
    """One set for one organisation, from a day to a day; it opens nothing that is not public."""

    __tablename__ = "figure_grant"
    __table_args__ = (
        Index(
            "uq_figure_grant_standing",
            "organisation_id",
            "kind",
            unique=True,
            sqlite_where=sql(STANDS),
            postgresql_where=sql(STANDS),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[Kind] = mapped_column(state_column(Kind, "kind"))
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]  # the last day
    granted_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # revoked, or given anew after its last day
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @classmethod
    def give(cls, organisation: Organisation, kind: Kind, begins_on: date, ends_on: date | None, *, by: Member) -> Self:
        """Grant a set. Raises GrantRefused; of two editors at the same moment one is refused."""
        is_over = begins_on < clock.today() or (ends_on is not None and ends_on < begins_on)
        if organisation.is_team or is_over:
            raise GrantRefused(kind)
        over = (cls.organisation_id == organisation.id) & (cls.kind == kind) & (cls.ends_on < clock.today())
        db.session.execute(update(cls).where(over, cls.ended_at.is_(None)).values(ended_at=clock.now()))
        made = cls(organisation=organisation, kind=kind, begins_on=begins_on, ends_on=ends_on)
        made.granted_by, made.granted_at = by.id, clock.now()
        db.session.add(made)
        try:
            db.session.flush()
        except IntegrityError as error:
            db.session.rollback()
            raise GrantRefused(kind) from error
        return made

    def revoke(self, *, by: Member) -> bool:
        """End it now; False if it had ended."""
        standing = update(Grant).where(Grant.id == self.id, Grant.ended_at.is_(None))
        ended = db.session.scalar(standing.values(ended_at=clock.now(), ended_by=by.id).returning(Grant.id))
        return ended is not None

    @property
    def last_day(self) -> date | None:
        """On which it stood; None while no end is known."""
        ended = self.ended_at.astimezone(clock.BERLIN).date() if self.ended_at else None
        return min(filter(None, (ended, self.ends_on)), default=None)

    @classmethod
    def standing(cls, organisation: Organisation) -> list[Kind]:
        """What an organisation is granted today."""
        today = clock.today()
        is_on = (cls.begins_on <= today) & or_(cls.ends_on.is_(None), cls.ends_on >= today) & cls.ended_at.is_(None)
        found = set(db.session.scalars(select(cls.kind).where(cls.organisation_id == organisation.id, is_on)))
        return [kind for kind in Kind if kind in found]

    @classmethod
    def all_ever(cls, organisation: Organisation | None = None) -> list[Self]:
        """Every grant (to an organisation), the latest first, with those that have ended."""
        found = select(cls).order_by(cls.id.desc())
        return list(
            db.session.scalars(found if organisation is None else found.where(cls.organisation_id == organisation.id))
        )
