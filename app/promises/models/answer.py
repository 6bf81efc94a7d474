"""What a customer in scope says of a claim; one answer a report, the latest counts."""

from datetime import date
from enum import StrEnum
from typing import Self

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, db, state_column
from app.kit import clock
from app.promises.models.promise import Promise
from app.promises.models.scope import open_claims_for
from app.reports.models import Report
from app.reports.models.follow_up import hold_row


class Answer(StrEnum):
    """Whether what was claimed is so where they are."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"


class NotAsked(Exception):
    """Nobody claims that it is done, or not where this report is from."""


class PromiseAnswer(Model):
    """The answer of one reporter to one promise. It is deleted with the report."""

    __tablename__ = "promise_answer"

    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), primary_key=True, index=True)
    answer: Mapped[Answer] = mapped_column(state_column(Answer, "answer"))
    answered_on: Mapped[date]

    promise: Mapped[Promise] = relationship(lazy="joined")

    @classmethod
    def say(cls, promise: Promise, report: Report, answer: Answer) -> Self:
        """Note whether it is so where they are; what the same report said before is replaced.

        Raises DecidedMeanwhile for a report that does not count, NotAsked for one that is not asked about the promise.
        """
        hold_row(report)
        if not any(claim.promise.id == promise.id for claim in open_claims_for(report)):
            raise NotAsked(f"report {report.id} is not asked about promise {promise.slug}")
        here = select(cls).where(cls.promise_id == promise.id, cls.report_id == report.id)
        said = db.session.scalar(here.execution_options(populate_existing=True))
        said = said or cls(promise_id=promise.id, report_id=report.id)
        said.answer, said.answered_on = answer, clock.today()
        db.session.add(said)
        return said

    @classmethod
    def of(cls, report: Report) -> list[Self]:
        """What was said of promises with a report, in the order of the promises."""
        return list(db.session.scalars(select(cls).where(cls.report_id == report.id).order_by(cls.promise_id)))
