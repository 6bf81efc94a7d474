"""A record: what a handover says of one report. It is deleted with its report."""

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


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
