"""A batch: the figures of one day, made at once from the rows of one moment."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Self

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.figures.models.count import Count, Key
from app.figures.models.day import Day
from app.figures.models.figure import Figure
from app.kit import clock
from app.ledger.models import counter_at

CHUNK = 5_000  # rows a statement

Row = dict[str, Any]  # Any: columns' values


class NotNow(Exception):
    """No batch can be made: there is one of today, or too little was told since the last one."""


class Batch(Model):
    """When figures were made, how long the ledger and how high the counter was, and to which step they are rounded."""

    __tablename__ = "figure_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_on: Mapped[date] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size: Mapped[int]
    counter: Mapped[int]
    step: Mapped[int]

    @classmethod
    def last(cls) -> Self | None:
        """The newest one."""
        return db.session.scalar(select(cls).order_by(cls.id.desc()).limit(1))

    @classmethod
    def at(cls, moment: datetime) -> Self | None:
        """The one that stood at a moment."""
        return db.session.scalar(select(cls).where(cls.made_at <= moment).order_by(cls.id.desc()).limit(1))

    @classmethod
    def due_after(cls) -> Self | None:
        """The last batch, if another one may be made today; raises NotNow."""
        last = cls.last()
        if last and last.made_on >= clock.today():
            raise NotNow(f"the figures of {last.made_on} were published already")
        return last

    @classmethod
    def make(cls, count: Count) -> Self:
        """Publish what was counted; each value that has changed ends the one before.

        Raises NotNow unless it is the first one today and a full step was told since the last one: on a quiet day
        a value that changes would be one person's report.
        """
        last = cls.due_after()
        if (last.size if last else 0) != count.since or count.told < count.step:
            raise NotNow(f"{count.told} reports were told since the last figures; {count.step} are needed")
        made = cls(
            made_on=clock.today(), made_at=clock.minute(), size=count.size, counter=count.counter, step=count.step
        )
        db.session.add(made)
        db.session.flush()
        made._publish(count.cells)
        made._add_days(count)
        return made

    def _publish(self, cells: dict[Key, int]) -> None:
        """End what is not true any more, begin what is new; `cells` is used up."""
        _in_chunks(update(Figure), self._ended(cells))
        fresh = ({"area_id": area, "measure": measure, "value": value} for (area, measure), value in cells.items())
        _in_chunks(insert(Figure), (row | {"batch_id": self.id} for row in fresh))

    def _ended(self, cells: dict[Key, int]) -> list[Row]:
        columns = (Figure.area_id, Figure.measure, Figure.batch_id, Figure.value)
        standing = select(*columns).where(Figure.until_id.is_(None)).execution_options(yield_per=CHUNK)
        ended = []
        for area, measure, batch_id, value in db.session.execute(standing):
            if cells.get((area, measure)) == value:
                del cells[area, measure]
            else:
                ended.append({"area_id": area, "measure": measure, "batch_id": batch_id, "until_id": self.id})
        return ended

    def _add_days(self, count: Count) -> None:
        """The days of which the ledger has said more since the last batch, with all it has said."""
        before = Day.until(self.id)
        for day, (counted, claimed) in count.days.items():
            known = before.get(day, (0, 0))
            db.session.add(Day(day=day, batch_id=self.id, counted=known[0] + counted, claimed=known[1] + claimed))


def faults() -> Iterator[str]:
    """What was published and is not what the ledger says, or says more than full steps."""
    for batch in db.session.scalars(select(Batch).order_by(Batch.id)):
        if counter_at(batch.size) != batch.counter:
            yield f"the figures of {batch.made_on} are of {batch.counter} reports, the ledger had another number then"
    broken = select(Figure.area_id, Figure.measure).join(Batch, Batch.id == Figure.batch_id)
    for area, measure in db.session.execute(broken.where(Figure.value % Batch.step != 0)):
        yield f"the figure {measure} of {area} is no full step"


def _in_chunks(statement: Any, rows: Iterable[Row]) -> None:  # Any: an INSERT or an UPDATE
    for chunk in _chunks(iter(rows)):
        db.session.execute(statement, chunk)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
