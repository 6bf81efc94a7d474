"""A batch: the figures of one day, made at once from the rows of one moment."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime


class Batch(Model):
    """When figures were made, and how long the ledger and how high the counter was then."""

    __tablename__ = "figure_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_on: Mapped[date] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size: Mapped[int]
    counter: Mapped[int]
