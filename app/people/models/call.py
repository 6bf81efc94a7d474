"""Calls to a number that anybody can find: two of them prove an organisation, for a year."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, UtcDateTime, db
from app.kit import clock
from app.ledger.models import Entry, Kind
from app.people.models.member import Member, Role
from app.people.models.organisation import Organisation
from app.people.models.proof import COUNT, EVERY, Method, NoProof, Proof, ProofState, hold

TOGETHER = timedelta(days=30)  # within which the second call follows the first
BETWEEN = timedelta(hours=24)  # two calls by the only editor
NUMBER = re.compile(r"\+?[0-9][0-9 ()/.-]{4,38}")


class Call(Model):
    """One call to a number that anybody can find, written down by whoever made it."""

    __tablename__ = "organisation_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    proof_id: Mapped[int] = mapped_column(ForeignKey("organisation_proof.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    number: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(300))  # where anybody finds the number
    role: Mapped[str] = mapped_column(String(120))  # of whoever was spoken to; no name
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    proof: Mapped[Proof] = relationship(back_populates="calls")

    @classmethod
    def note(
        cls, organisation: Organisation, *, by: Member, number: str, source: str, role: str, called_at: datetime
    ) -> Self:
        """Write a call down. The second one, by somebody else, proves; of an only editor a day later."""
        hold(organisation.id)
        now = clock.now()
        if not NUMBER.fullmatch(number):
            raise NoProof(_("Please enter a telephone number."))
        if not now - EVERY <= called_at <= now:
            raise NoProof(_("Please say when it was; within the last seven days."))
        proof = cls._waiting(organisation) or Proof.ask(organisation, Method.CALL, "")
        _check_second(proof.calls, by, called_at)
        made = cls(proof=proof, by_id=by.id, number=number, source=source, role=role, called_at=called_at, noted_at=now)
        db.session.add(made)
        db.session.flush()
        Entry.append(Kind.ORGANISATION_CALLED, minute=clock.minute(), subject=proof.subject)
        if len(proof.calls) > 1:
            proof.found()
            _end_others(proof)
        return made

    @classmethod
    def _waiting(cls, organisation: Organisation) -> Proof | None:
        waits = (Proof.method == Method.CALL) & (Proof.state == ProofState.ASKED)
        found = db.session.scalar(select(Proof).where(Proof.organisation_id == organisation.id, waits))
        if found and any(one.is_stale() for one in found.calls):
            found.end()
            return None
        return found

    def is_stale(self) -> bool:
        """Whether no second one can follow: too long ago, or by somebody who edits no more."""
        return self.noted_at < clock.now() - TOGETHER or self.by_id not in _editors()


def _end_others(proof: Proof) -> None:
    """The calls that these repeat count no longer; the organisation has not lapsed in between."""
    earlier = (Proof.method == Method.CALL) & Proof.state.in_(COUNT) & (Proof.id != proof.id)
    for one in db.session.scalars(select(Proof).where(Proof.organisation_id == proof.organisation_id, earlier)):
        one.end()


def _check_second(calls: Collection[Call], by: Member, called_at: datetime) -> None:
    """Nobody counts twice; where there is nobody else, two calls at least a day apart stand for two people."""
    own = [one for one in calls if one.by_id == by.id]
    if not own:
        return
    if len(_editors()) > 1:
        raise NoProof(_("You have noted a call already. The second one has to be made by another editor."))
    first = max(max(one.called_at, one.noted_at) for one in own)
    if clock.now() - first < BETWEEN or called_at - max(one.called_at for one in own) < BETWEEN:
        raise NoProof(_("You are the only editor: the second call has to come at least 24 hours after the first."))


def _editors() -> set[int]:
    editing = Member.active & Member.role.in_((Role.OWNER, Role.EDITOR))
    return set(db.session.scalars(select(Member.id).where(editing)))
