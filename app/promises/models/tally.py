"""A tally: how many confirmed and contradicted, counted once a day and rounded down to full steps, as every figure."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Tally(Model):
    """The published answers to one claim as of a day; the newest stands."""

    __tablename__ = "promise_tally"
    __table_args__ = (CheckConstraint("confirmed >= 0 AND contradicted >= 0", name="numbers"),)

    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), primary_key=True)
    made_on: Mapped[date] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("promise_event.id"))
    confirmed: Mapped[int]
    contradicted: Mapped[int]
    step: Mapped[int]
