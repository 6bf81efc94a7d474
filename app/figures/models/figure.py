"""One published number: an area, what was measured there, its value, and the batches from and until which it stands."""

from collections.abc import Collection, Mapping

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db


class Figure(Model):
    """A value that was published; a later batch ends it, nothing changes it."""

    __tablename__ = "figure"
    __table_args__ = (
        CheckConstraint("value >= 0", name="value"),
        Index("ix_figure_ranking", "measure", "until_id", "value"),
        Index("ix_figure_area", "area_id", "until_id"),
    )

    area_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    measure: Mapped[str] = mapped_column(String(80), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("figure_batch.id"), primary_key=True)
    value: Mapped[int]
    until_id: Mapped[int | None] = mapped_column(ForeignKey("figure_batch.id"))

    def stood_at(self, batch_id: int) -> bool:
        """Whether it was true as of a batch."""
        return self.batch_id <= batch_id and (self.until_id is None or self.until_id > batch_id)


def of_area(area_id: str, batch_id: int) -> dict[str, int]:
    """What was published of an area as of a batch: a measure to its value. What is not there was below one step."""
    found = select(Figure.measure, Figure.value).where(Figure.area_id == area_id, _stood(batch_id))
    return dict(db.session.execute(found).all())


def of_all(measures: Collection[str], batch_id: int) -> Mapping[str, dict[str, int]]:
    """What was published everywhere as of a batch: a measure to the areas and their values."""
    found = select(Figure.measure, Figure.area_id, Figure.value)
    by_measure: dict[str, dict[str, int]] = {measure: {} for measure in measures}
    for measure, area, value in db.session.execute(found.where(Figure.measure.in_(measures), _stood(batch_id))):
        by_measure[measure][area] = value
    return by_measure


def history(area_id: str, measures: Collection[str], batch_id: int) -> list[Figure]:
    """Every value that was published of an area until a batch, oldest first."""
    found = select(Figure).where(Figure.area_id == area_id, Figure.measure.in_(measures), Figure.batch_id <= batch_id)
    return list(db.session.scalars(found.order_by(Figure.batch_id)))


def _stood(batch_id: int) -> ColumnElement[bool]:
    return (Figure.batch_id <= batch_id) & or_(Figure.until_id.is_(None), Figure.until_id > batch_id)
