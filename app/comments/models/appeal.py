"""An appeal: a writer asks that a decision of a person about a comment be looked at again, once a decision."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import ForeignKey, Index, String, Text, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.comments.models.comment import Comment, MovedMeanwhile
from app.comments.models.sample import Sample
from app.comments.models.state import State
from app.comments.models.taking import take
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.people.models import Decision, Member, Role

LONGEST = 2_000  # characters
AGAINST = ("spam", "remove")  # deeds of the desk that keep a comment from readers
HIDDEN = (State.SPAM, State.REMOVED)


class AppealState(StrEnum):
    """Where an appeal is."""

    OPEN = "open"
    GRANTED = "granted"  # the comment is published
    REJECTED = "rejected"  # the decision stands, for a stated reason


class NotYours(Exception):
    """Whoever decided first does not decide on the appeal while somebody else can."""


class Appeal(Model):
    """What a writer has to say against a decision, and what became of it."""

    __tablename__ = "comment_appeal"
    __table_args__ = (
        Index("ix_comment_appeal_decision_id", "decision_id", unique=True),
        Index(
            "ix_comment_appeal_open",
            "id",
            sqlite_where=sql("state = 'open'"),
            postgresql_where=sql("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[AppealState] = mapped_column(state_column(AppealState, "state"), default=AppealState.OPEN)
    lodged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    answer: Mapped[str] = mapped_column(String(300), default="")

    comment: Mapped[Comment] = relationship(lazy="joined")
    decision: Mapped[Decision] = relationship(lazy="joined")
    by: Mapped[Member | None] = relationship()

    @classmethod
    def lodge(cls, comment: Comment, text: str) -> Self:
        """Ask for another look at the decision that stands, from a comment that its writer has taken."""
        decision = decision_against(comment)
        if decision is None or cls.about_(decision):
            raise MovedMeanwhile(comment.id)
        made = cls(comment_id=comment.id, decision_id=decision.id, text=text, lodged_at=clock.now())
        db.session.add(made)
        return made

    @classmethod
    def about_(cls, decision: Decision) -> Self | None:
        return db.session.scalar(select(cls).where(cls.decision_id == decision.id))

    @classmethod
    def of(cls, comment: Comment) -> list[Self]:
        """Every appeal about a comment, oldest first."""
        return list(db.session.scalars(select(cls).where(cls.comment_id == comment.id).order_by(cls.id)))

    def may_be_decided_by(self, member: Member) -> bool:
        """Whoever did not decide first; where nobody else is at the desk, the same person after all."""
        return self.decision.member_id != member.id or not has_others(member)

    @property
    def is_settled(self) -> bool:
        """Whether readers see the comment already: somebody has put the decision right by another way."""
        return self.comment.is_shown

    @property
    def may_stand(self) -> bool:
        """Whether the comment is away by a person's decision; `grant` asks whether by this one."""
        return self.comment.state in HIDDEN and self.comment.is_decided and not self.comment.taken_back

    def grant(self, *, by: Member, seen: State, edits: int, answer: str = "") -> None:
        """Publish the comment after all, in the state and the words in which it was seen, if this decision hides it."""
        take(self.comment)
        self._close(AppealState.GRANTED, by, answer)
        if self.is_settled:
            return
        if seen not in HIDDEN:
            raise MovedMeanwhile(self.comment_id)
        self.comment.decide(State.PUBLISHED, seen=seen, edits=edits)
        if _last_against(self.comment) != self.decision:  # asked last: from here on nobody else moves the comment
            raise MovedMeanwhile(self.comment_id)

    def reject(self, *, by: Member, answer: str) -> None:
        """Leave the decision as it is, and say why: somebody has looked at this comment, if nobody had before."""
        self._close(AppealState.REJECTED, by, answer)
        if self.may_stand:
            Sample.follow(self.comment, self.comment.state)

    def _close(self, to: AppealState, by: Member, answer: str) -> None:
        if not self.may_be_decided_by(by):
            raise NotYours(self.id)
        values = {"state": to, "decided_at": clock.now(), "member_id": by.id, "answer": answer}
        is_open = (Appeal.id == self.id) & (Appeal.state == AppealState.OPEN)
        closed = update(Appeal).where(is_open).values(values).returning(Appeal.id)
        if db.session.scalar(closed.execution_options(synchronize_session=False)) is None:
            raise MovedMeanwhile(self.comment_id)
        db.session.refresh(self)


def decision_against(comment: Comment) -> Decision | None:
    """The decision that keeps a comment from readers now; None where none does, or its writer does."""
    if not comment.is_decided or comment.taken_back or comment.state not in HIDDEN:
        return None
    return _last_against(comment)


def _last_against(comment: Comment) -> Decision | None:
    made = [one for one in Decision.about_(f"comment:{comment.id}") if one.deed in AGAINST]
    return made[-1] if made else None


def count_open() -> int:
    """How many appeals wait."""
    return db.session.scalar(select(func.count()).select_from(Appeal).where(Appeal.state == AppealState.OPEN)) or 0


def open_appeals(limit: int, offset: int = 0) -> list[Appeal]:
    """Those that wait, oldest first."""
    found = select(Appeal).where(Appeal.state == AppealState.OPEN).order_by(Appeal.id)
    return list(db.session.scalars(found.limit(limit).offset(offset)))


def has_others(member: Member) -> bool:
    """Whether somebody else of the team can decide on comments."""
    roles = (Role.MODERATOR, Role.EDITOR, Role.OWNER)
    here = (Member.id != member.id) & Member.active & Member.role.in_(roles)
    return db.session.scalar(select(Member.id).where(here).limit(1)) is not None
