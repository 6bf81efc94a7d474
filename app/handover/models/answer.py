"""What the recipient answered to a handover; a later answer stands below the earlier one, none is changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, String, Text, event, select
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from app.extensions import Model, UtcDateTime, db
from app.handover.models.handover import Handover, State
from app.kit import clock
from app.ledger.models.entry import AppendOnly
from app.people.models import Member


class NotTheirs(Exception):
    """Only the recipient's own guests answer, and editors who name the source; and only what was handed over."""


class HandoverAnswer(Model):
    """One answer, by a verified guest of the recipient, or entered by an editor with its source."""

    __tablename__ = "handover_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(300), default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[Member] = relationship(lazy="joined")

    @classmethod
    def write(cls, handover: Handover, text: str, *, by: Member, source: str = "") -> Self:
        """Store an answer, once however often it is sent; raises NotTheirs."""
        db.session.refresh(handover, with_for_update=True)  # of two clicks at once the second one finds the first
        is_recipient = by.is_guest and is_for(handover, by)
        if handover.state != State.RELEASED or not (is_recipient or (by.is_editor and source)):
            raise NotTheirs(handover.id)
        said = select(cls).where(cls.handover_id == handover.id, cls.member_id == by.id, cls.text == text)
        if known := db.session.scalar(said):
            return known
        new = cls(handover_id=handover.id, text=text, source=source, answered_at=clock.now(), by=by)
        db.session.add(new)
        return new

    @property
    def is_official(self) -> bool:
        """Whether the recipient wrote it here; else an editor entered it, with its source."""
        return not self.source


def is_for(handover: Handover, member: Member) -> bool:
    """Whether a handover was made to the organisation that a guest speaks for."""
    return handover.organisation_slug is not None and member.organisation.slug == handover.organisation_slug


def answers_to(handovers: Iterable[Handover]) -> Mapping[int, list[HandoverAnswer]]:
    """The answers to each, oldest first."""
    ids = [one.id for one in handovers]
    found: defaultdict[int, list[HandoverAnswer]] = defaultdict(list)
    asked = select(HandoverAnswer).where(HandoverAnswer.handover_id.in_(ids)).order_by(HandoverAnswer.id)
    for answer in db.session.scalars(asked):
        found[answer.handover_id].append(answer)
    return found


@event.listens_for(HandoverAnswer, "before_update")
@event.listens_for(HandoverAnswer, "before_delete")
def _refuse(_mapper: Mapper[HandoverAnswer], _connection: object, answer: HandoverAnswer) -> None:
    raise AppendOnly(f"answer {answer.id} to a handover is written and stays as it is")
