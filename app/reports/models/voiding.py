"""A voiding: many reports taken out at once for one public reason, and all of them put back by one undo."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Self

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.ledger.models import Head, Reason
from app.reports.models.report import DecidedMeanwhile, Report
from app.reports.models.states import State

MOST = 5_000  # reports in one voiding: what is more is taken out by the next one
SLICE = 100  # reports that move between two commits: so long people who report meanwhile may wait

OPEN = (State.COUNTED, State.HELD)
VOIDED = (State.UNCOUNTED, State.REFUSED)
Find = Callable[[int], Iterable[Report]]
"""Finds at most so many reports that still count or are held, as they stand now."""


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
    def begin(cls, reason: Reason, criteria: dict[str, str], *, member_id: int) -> Self:
        """A voiding that nothing is in yet."""
        made = cls(member_id=member_id, reason=reason, criteria=criteria, reports=0, made_at=clock.now())
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def newest(cls, limit: int, offset: int = 0) -> list[Self]:
        return list(db.session.scalars(select(cls).order_by(cls.id.desc()).limit(limit).offset(offset)))

    def slices(self, find: Find) -> Iterator[int]:
        """Take out what `find` finds, a slice at a time, up to `MOST`; the caller commits after each.

        Between two slices others may decide: each looks anew, under the ledger's lock.
        """
        while self.reports < MOST:
            Head.take()
            found = list(find(min(SLICE, MOST - self.reports)))
            for report in found:
                report.uncount(self.reason) if report.is_counted else report.refuse(self.reason)
                report.voiding_id = self.id
            if not found:
                return
            self.reports += len(found)
            yield len(found)

    def undo(self) -> Iterator[int]:
        """Put back every report that nobody has decided on since, a slice at a time; the caller commits.

        Where it was cut short it can be done again, and two who undo at once share the work.
        """
        if self.undone_at:
            raise DecidedMeanwhile(self.id)
        while Head.take() and (found := self._mine()):
            for report in found:
                report.recount() if report.state == State.UNCOUNTED else report.hold_again()
            yield len(found)
        self.undone_at = clock.now()

    def _mine(self) -> list[Report]:
        mine = select(Report).where(Report.voiding_id == self.id, Report.state.in_(VOIDED))
        found = mine.order_by(Report.id).limit(SLICE).execution_options(populate_existing=True)
        return list(db.session.scalars(found))
