"""An erasure: record and nonce go, a hash of the key stays so that a late retry does not bring the report back."""

from datetime import date
from typing import Self

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db
from app.kit import clock, tokens
from app.ledger.models import Reason
from app.reports.models.follow_up import Contact, FollowUp, Question
from app.reports.models.report import Report


class Erasure(Model):
    """All that is left of an erased report."""

    __tablename__ = "erasure"

    receipt_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    erased_on: Mapped[date]

    @classmethod
    def of(cls, receipt: str) -> Self | None:
        """The erasure of the report that a receipt belonged to."""
        return db.session.scalar(select(cls).where(cls.receipt_hash == tokens.digest(receipt)))


def erase(report: Report) -> None:
    """Delete a report with everything that hangs on it; if it counted, the ledger says that it does not any more."""
    if report.is_counted:
        report.uncount(Reason.ERASED)
    for table in (FollowUp, Contact, Question):
        db.session.execute(delete(table).where(table.report_id == report.id))
    db.session.add(Erasure(receipt_hash=report.receipt_hash, erased_on=clock.today()))
    db.session.delete(report)
