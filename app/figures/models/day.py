"""How many reports were told on a day: here, as the ledger has it, and elsewhere, as the imported ones claim."""

from datetime import date

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db


class Day(Model):
    """One day as a batch knew it; both numbers follow from the public ledger alone, so they are exact.

    A later import may claim an earlier day, so a batch writes the days anew of which it knows more.
    """

    __tablename__ = "figure_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("figure_batch.id"), primary_key=True)
    counted: Mapped[int] = mapped_column(default=0)
    claimed: Mapped[int] = mapped_column(default=0)

    @classmethod
    def until(cls, batch_id: int) -> dict[date, tuple[int, int]]:
        """What was known with a batch: a day to the numbers counted and claimed, the earliest first."""
        known = select(cls.day, cls.counted, cls.claimed).where(cls.batch_id <= batch_id)
        found = db.session.execute(known.order_by(cls.batch_id))
        return dict(sorted({day: (counted, claimed) for day, counted, claimed in found}.items()))
