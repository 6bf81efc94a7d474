"""What a customer in scope says of a claim; one answer a report, the latest counts."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, state_column


class Answer(StrEnum):
    """Whether what was claimed is so where they are."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"


class PromiseAnswer(Model):
    """The answer of one reporter to one promise. It is deleted with the report."""

    __tablename__ = "promise_answer"

    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), primary_key=True, index=True)
    answer: Mapped[Answer] = mapped_column(state_column(Answer, "answer"))
    answered_on: Mapped[date]
