"""A handover: a batch of reports, disjoint from every other one, generalised until nobody can be found in it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, state_column


class State(StrEnum):
    """Where a handover is; while one is proposed, no other one is built."""

    PROPOSED = "proposed"
    RELEASED = "released"
    DISCARDED = "discarded"


class Handover(Model):
    """One delivery to one recipient."""

    __tablename__ = "handover"
    __table_args__ = (CheckConstraint("k >= 5", name="k"), CheckConstraint("unit >= k", name="unit"))

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(state_column(State, "state"), default=State.PROPOSED)
    recipient: Mapped[str] = mapped_column(String(120))
    organisation_slug: Mapped[str | None] = mapped_column(String(60))
    k: Mapped[int]
    unit: Mapped[int]  # every cell holds a full multiple of it, and shows each symptom so often
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)
    built_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))  # None: somebody with a shell on the server
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.seq"), unique=True)
    manifest: Mapped[str] = mapped_column(Text, default="")  # as published, to the byte; the ledger has its hash
    coarser: Mapped[dict[str, int]] = mapped_column(
        JSON, default=dict
    )  # a period to how many told then are labelled coarser
