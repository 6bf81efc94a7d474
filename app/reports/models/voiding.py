"""A voiding: many reports taken out at once for one public reason, and all of them put back by one undo."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from sqlalchemy import JSON, ForeignKey, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.ledger.models import Head, Reason
from app.reports.models.report import DecidedMeanwhile, Report, State

MOST = 5_000  # reports in one voiding: so long that nobody who reports meanwhile waits too long


class Voiding(Model):
    """One deed over many reports."""

    __tablename__ = "voiding"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reason: Mapped[Reason] = mapped_column(state_column(Reason, "reason"))
    criteria: Mapped[dict[str, str]] = mapped_column(JSON)
    reports: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @classmethod
    def make(cls, reports: Iterable[Report], reason: Reason, criteria: dict[str, str], *, member_id: int) -> Self:
        """Take counted reports out of the count and refuse held ones; the others are left as they are."""
        Head.take()  # before any row: two who void at once go one after the other
        made = cls(member_id=member_id, reason=reason, criteria=criteria, reports=0, made_at=clock.now())
        db.session.add(made)
        db.session.flush()
        for report in reports:
            if report.state in {State.COUNTED, State.HELD}:
                report.uncount(reason) if report.is_counted else report.refuse(reason)
                report.voiding_id = made.id
                made.reports += 1
        return made

    def undo(self) -> int:
        """Put every report of this voiding back to where it was; how many."""
        Head.take()
        here = update(Voiding).where(Voiding.id == self.id, Voiding.undone_at.is_(None))
        if db.session.scalar(here.values(undone_at=clock.now()).returning(Voiding.id)) is None:
            raise DecidedMeanwhile(self.id)
        found = list(db.session.scalars(select(Report).where(Report.voiding_id == self.id).order_by(Report.id)))
        for report in found:
            report.recount() if report.state == State.UNCOUNTED else report.hold_again()
            report.voiding_id = None
        return len(found)
