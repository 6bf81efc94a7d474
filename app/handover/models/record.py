"""A record: what a handover says of one report. It is deleted with its report."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import JSON, ForeignKey, String, delete, insert, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db
from app.handover.generalise import Row

CHUNK = 5_000  # rows a statement

T = TypeVar("T")


class Record(Model):
    """One report's row in a proposed or released handover; of the first kind nothing has left the house yet."""

    __tablename__ = "handover_record"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), index=True)
    area_id: Mapped[str] = mapped_column(String(120))
    period: Mapped[str] = mapped_column(String(10))  # 2011-11, 2011-Q4 or 2011
    symptoms: Mapped[list[str]] = mapped_column(JSON)  # those that are shown
    has_words: Mapped[bool]
    commitment_seq: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.seq"))  # what it said when it was built

    @classmethod
    def keep(cls, handover_id: int, rows: Iterable[Row]) -> None:
        """Note what a new handover says."""
        values = (
            {
                "report_id": row.report,
                "handover_id": handover_id,
                "area_id": row.label[0],
                "period": row.label[1],
                "symptoms": row.symptoms,
                "has_words": row.has_words,
                "commitment_seq": row.version,
            }
            for row in rows
        )
        for chunk in chunks(values):
            db.session.execute(insert(cls), chunk)

    @classmethod
    def change(cls, rows: Iterable[Row]) -> None:
        """Note that of these less is said."""
        for chunk in chunks(rows):
            said = ({"symptoms": row.symptoms, "has_words": row.has_words, "period": row.label[1]} for row in chunk)
            named = [{"report_id": row.report, **values} for row, values in zip(chunk, said, strict=True)]
            db.session.execute(update(cls), named)

    @classmethod
    def drop(cls, reports: Iterable[int]) -> None:
        """Let reports go back to those that wait."""
        for chunk in chunks(reports):
            db.session.execute(delete(cls).where(cls.report_id.in_(chunk)))

    @classmethod
    def drop_all(cls, handover_id: int) -> None:
        db.session.execute(delete(cls).where(cls.handover_id == handover_id))


def chunks(found: Iterable[T]) -> Iterator[list[T]]:
    """What is found, so many at a time as one statement takes."""
    left = iter(found)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
