"""An erasure: record and nonce go, a hash of the key stays so that a late retry does not bring the report back."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db
from app.kit import clock, tokens
from app.ledger import outside
from app.ledger.models import Head, Reason
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
    leave_hashes([report.receipt_hash])
    db.session.delete(report)


def leave_hashes(receipt_hashes: Sequence[str]) -> None:
    """Note whose reports are erased: here, and outside of the backups that still hold them."""
    db.session.add_all(Erasure(receipt_hash=one, erased_on=clock.today()) for one in receipt_hashes)
    outside.tell(outside.REPORT, receipt_hashes)


def erase_again(receipt_hash: str, erased_on: date) -> bool:
    """Erase what an older copy of the database has brought back; whether it had.

    Where there is nothing to erase the hash is left, so that a late retry does not bring the report back.
    """
    Head.take()  # before the report's row, as everybody who writes
    report = db.session.scalar(select(Report).where(Report.receipt_hash == receipt_hash))
    if report:
        erase(report)
    elif db.session.get(Erasure, receipt_hash) is None:
        db.session.add(Erasure(receipt_hash=receipt_hash, erased_on=erased_on))
    return report is not None
