"""What became of a fault, as its reporter says later; and the one question that is asked by mail."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.config import campaign
from app.extensions import Model, db, state_column
from app.kit import clock, tokens
from app.reports.models.report import DecidedMeanwhile, Report
from app.reports.models.states import State

ANSWERABLE = timedelta(days=60)  # a letter may lie unread for a while


class Answer(StrEnum):
    """How it is now, at the same place."""

    WORKS = "works"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


class FollowUp(Model):
    """One answer; the latest of a report counts, the earlier ones tell the way there."""

    __tablename__ = "follow_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    answer: Mapped[Answer] = mapped_column(state_column(Answer, "answer"))
    answered_on: Mapped[date]

    @classmethod
    def say(cls, report: Report, answer: Answer) -> Self:
        """Note how it is now. Saying the same twice on one day is said once; of a report that does not count, never."""
        hold_row(report)
        last = db.session.scalar(select(cls).where(cls.report_id == report.id).order_by(cls.id.desc()).limit(1))
        if last and (last.answer, last.answered_on) == (answer, clock.today()):
            return last
        said = cls(report_id=report.id, answer=answer, answered_on=clock.today())
        db.session.add(said)
        return said

    @classmethod
    def of(cls, report: Report) -> list[Self]:
        """What was said about a report, oldest first."""
        return list(db.session.scalars(select(cls).where(cls.report_id == report.id).order_by(cls.id)))


class Contact(Model):
    """An address left with a report, kept apart from it, for one question; then it is deleted."""

    __tablename__ = "follow_up_contact"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    ask_on: Mapped[date]

    @classmethod
    def leave(cls, report: Report, email: str) -> Self:
        """Keep an address until the question has been asked; a new one replaces an earlier one."""
        hold_row(report, State.COUNTED, State.HELD)
        kept = db.session.get(cls, report.id) or cls(report_id=report.id)
        kept.email, kept.ask_on = email, clock.in_weeks(campaign().follow_up_weeks)
        db.session.add(kept)
        return kept

    @property
    def masked(self) -> str:
        """The address so that its owner knows it and nobody else learns it from a receipt that lies about."""
        name, _, host = self.email.rpartition("@")
        return f"{name[:1]}…@{host}"

    @classmethod
    def of(cls, report: Report) -> Self | None:
        return db.session.get(cls, report.id)

    @classmethod
    def due(cls) -> list[int]:
        """The reports whose question is to be asked by now."""
        return list(
            db.session.scalars(select(cls.report_id).where(cls.ask_on <= clock.today()).order_by(cls.report_id))
        )

    @classmethod
    def use(cls, report_id: int) -> tuple[Report, str] | None:
        """A report with the address kept for it, which is deleted with this: it is used now or never."""
        report = db.session.get(Report, report_id, with_for_update=True)  # first, as everybody does
        email = db.session.scalar(delete(cls).where(cls.report_id == report_id).returning(cls.email))
        return (report, email) if report and email else None

    @classmethod
    def forget(cls, report: Report) -> None:
        """Delete the address of a report, if there is one."""
        db.session.execute(delete(cls).where(cls.report_id == report.id))


class Question(Model):
    """The link in the one letter: it answers for one report and shows nothing else of it."""

    __tablename__ = "follow_up_question"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    asked_on: Mapped[date]

    report: Mapped[Report] = relationship(lazy="joined")

    @classmethod
    def ask(cls, report: Report) -> str:
        """A new question about a report; the secret of its link."""
        token = tokens.new_token()
        db.session.add(cls(token_hash=tokens.digest(token), report_id=report.id, asked_on=clock.today()))
        return token

    @classmethod
    def by(cls, token: str) -> Self | None:
        """The question that a link asks, while it can be answered: once, for sixty days, of a report that counts."""
        found = db.session.get(cls, tokens.digest(token))
        is_open = found and found.asked_on >= clock.today() - ANSWERABLE and found.report.is_counted
        return found if is_open else None

    @classmethod
    def forget_old(cls) -> int:
        """Delete the questions whose time is over; how many."""
        old = delete(cls).where(cls.asked_on < clock.today() - ANSWERABLE)
        return len(db.session.execute(old.returning(cls.token_hash)).all())

    def answer(self, answer: Answer) -> FollowUp:
        """Note the answer; the question goes with it, so that a second answer replaces nothing."""
        hold_row(self.report)
        asked = delete(Question).where(Question.token_hash == self.token_hash)
        if db.session.scalar(asked.returning(Question.report_id)) is None:
            raise DecidedMeanwhile(self.report_id)
        return FollowUp.say(self.report, answer)


def hold_row(report: Report, *states: State) -> None:
    """Keep the row until the caller's transaction ends: whoever says the same at once comes after, and sees this."""
    db.session.flush()
    here = select(Report.id).where(Report.id == report.id, Report.state.in_(states or (State.COUNTED,)))
    if db.session.scalar(here.with_for_update()) is None:
        raise DecidedMeanwhile(report.id)
