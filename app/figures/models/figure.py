"""One published number: an area, what was measured there, its value, and the batches from and until which it stands."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db

REPORTS = "reports"


class Figure(Model):
    """A value that was published; a later batch ends it, nothing changes it."""

    __tablename__ = "figure"
    __table_args__ = (
        CheckConstraint("value >= 0", name="value"),
        Index("ix_figure_ranking", "measure", "until_id", "value"),
    )

    area_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    measure: Mapped[str] = mapped_column(String(80), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("figure_batch.id"), primary_key=True)
    value: Mapped[int]
    until_id: Mapped[int | None] = mapped_column(ForeignKey("figure_batch.id"))


def above(minimum: int) -> list[tuple[str, int]]:
    """Areas with at least so many reports, most first, as last published."""
    now = (Figure.measure == REPORTS) & Figure.until_id.is_(None) & (Figure.value >= minimum)
    found = select(Figure.area_id, Figure.value).where(now).order_by(Figure.value.desc(), Figure.area_id)
    return [(area, value) for area, value in db.session.execute(found)]
