"""How many reports were told on a day: as the ledger has it, and as the imported ones claim."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Day(Model):
    """One day of the campaign; both numbers follow from the public ledger alone."""

    __tablename__ = "figure_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    counted: Mapped[int] = mapped_column(default=0)
    claimed: Mapped[int] = mapped_column(default=0)
