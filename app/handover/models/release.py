"""A release: one person says that a proposed handover may leave the house. It takes two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Self

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.handover.files import Delivery
from app.handover.models.handover import Handover, NotProposed, State
from app.kit import clock
from app.ledger.models import Head
from app.people.models import Member, Role

PAUSE = timedelta(hours=24)  # between the two releases of somebody who is alone


class MayNotRelease(Exception):
    """This person may not release now; `possible_at` says from when, None if somebody else has to."""

    def __init__(self, possible_at: datetime | None = None) -> None:
        super().__init__(possible_at)
        self.possible_at = possible_at


class MovedMeanwhile(Exception):
    """Somebody has released it or taken a release back since the question was read: it may be another one now."""


class Release(Model):
    """Who said so, and when."""

    __tablename__ = "handover_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def give(cls, handover: Handover, *, by: Member, chance: Random, seen: int) -> Delivery | None:
        """Release a proposal: None for the first time, what leaves the house when that was the second one.

        `seen` is how many releases stood when this person was asked. Raises NotProposed, MayNotRelease,
        MovedMeanwhile, and what `Handover.seal` raises.
        """
        take_proposal(handover)
        standing = Standing.of(handover)
        standing.admit(by)
        if seen != len(standing.given):
            raise MovedMeanwhile
        now = clock.now()
        db.session.add(cls(handover_id=handover.id, member_id=by.id, released_at=now))
        if not standing.given:
            return None
        releases = [(_signed(one.by), one.at) for one in (*standing.given, Given(by, now))]
        return handover.seal(releases, chance)

    @classmethod
    def take_back(cls, handover: Handover, *, by: Member) -> None:
        """Take a first release back; raises NotProposed, MayNotRelease where there is none of this person."""
        take_proposal(handover)
        gone = delete(cls).where(cls.handover_id == handover.id, cls.member_id == by.id).returning(cls.id)
        if not db.session.scalars(gone).all():
            raise MayNotRelease

    @classmethod
    def of(cls, handover: Handover) -> Sequence[Self]:
        return db.session.scalars(select(cls).where(cls.handover_id == handover.id).order_by(cls.id)).all()


@dataclass(frozen=True, slots=True)
class Given:
    """A release that stands."""

    by: Member
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Who has released a proposal so far and who may; what somebody gave who may no longer, counts no longer."""

    given: tuple[Given, ...]
    entitled: tuple[Member, ...]

    @classmethod
    def of(cls, handover: Handover) -> Self:
        found = select(Member).where(Member.active, Member.role.in_((Role.OWNER, Role.EDITOR))).order_by(Member.id)
        entitled = {one.id: one for one in db.session.scalars(found)}
        given = (
            Given(entitled[one.member_id], one.released_at) for one in Release.of(handover) if one.member_id in entitled
        )
        return cls(tuple(given), tuple(entitled.values()))

    @property
    def is_alone(self) -> bool:
        return len(self.entitled) == 1

    @property
    def others(self) -> tuple[Member, ...]:
        """Who may give the second release: everybody but who gave the first; who is alone, again.

        Two stand where one was revoked and came back after a first release by another: then anybody lets it leave.
        """
        givers = {one.by.id for one in self.given}
        return (
            self.entitled
            if self.is_alone or len(givers) > 1
            else tuple(one for one in self.entitled if one.id not in givers)
        )

    @property
    def possible_at(self) -> datetime | None:
        """From when who is alone may release for the second time."""
        return self.given[0].at + PAUSE if self.given and self.is_alone else None

    def has(self, member: Member) -> bool:
        """Whether the first release is this person's."""
        return any(one.by.id == member.id for one in self.given)

    def may(self, member: Member) -> bool:
        """Whether this person may release now."""
        try:
            self.admit(member)
        except MayNotRelease:
            return False
        return True

    def admit(self, member: Member) -> None:
        """Raise MayNotRelease unless this person may release now."""
        if all(member.id != one.id for one in self.others):
            raise MayNotRelease
        if self.possible_at and clock.now() < self.possible_at:
            raise MayNotRelease(self.possible_at)


def take_proposal(handover: Handover) -> None:
    """Nobody else decides on it until the caller's transaction ends; raises NotProposed if somebody has."""
    Head.take()  # before the row, as everybody who writes
    db.session.refresh(handover, with_for_update=True)
    if handover.state != State.PROPOSED:
        raise NotProposed(handover.id)


def _signed(member: Member) -> str:
    """How the manifest names a person: as readers know members, and by the role."""
    return f"{member.first_name} ({member.role})"
