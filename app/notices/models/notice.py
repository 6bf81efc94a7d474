"""A notice: received, the author asked if need be, decided, both sides told.

Follows Articles 16 and 17 of Regulation (EU) 2022/2065 (DSA): who objects says why, where, and that it is in good
faith; whoever wrote the comment gets a statement of reasons. Neither learns who the other is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, and_, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from app.comments.models import Comment, Sample, withdrawal
from app.comments.models import State as CommentState
from app.comments.models.link import is_erased
from app.comments.models.state import TakenBack
from app.comments.models.taking import take
from app.config import settings
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock, tokens
from app.notices.models.ground import Ground, Outcome, State
from app.people.models import Member

ANSWER_DAYS = (2, 7, 14)  # that an author can be given
DECIDE_WITHIN = timedelta(days=7)  # after which the desk is reminded of what nobody has looked at
UNDO_WITHIN = timedelta(minutes=10)  # before both sides are told
LETTERS = 3  # a day to one address, whoever types it
KEPT_FOR = timedelta(days=3 * 365)  # after the decision: claims from it end with the third year (BGB 195)
DEEDS = {Outcome.REMOVED: CommentState.REMOVED, Outcome.BLACKED_OUT: CommentState.PUBLISHED}


class DecidedMeanwhile(Exception):
    """The notice, or the comment, is no longer where the one who decides saw it."""


class Objection(NamedTuple):
    """What somebody who objects says."""

    ground: Ground
    text: str
    passage: str = ""
    name: str = ""
    email: str = ""
    lang: str = "de"


class Notice(Model):
    """One objection to one comment."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    ground: Mapped[Ground] = mapped_column(state_column(Ground, "ground"))
    text: Mapped[str] = mapped_column(Text)
    passage: Mapped[str] = mapped_column(Text, default="")  # the words it is about
    name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    lang: Mapped[str] = mapped_column(String(2))
    state: Mapped[State] = mapped_column(state_column(State, "state"), default=State.OPEN)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    question: Mapped[str] = mapped_column(Text, default="")  # to the author
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")  # the author's
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(state_column(Outcome, "outcome"))
    statement: Mapped[str] = mapped_column(Text, default="")  # of reasons; both sides read it
    rule: Mapped[str] = mapped_column(String(200), default="")  # the law or the rule of the site that it goes by
    was_state: Mapped[str] = mapped_column(String(20), default="")  # where the comment was before, for an undo
    was_redacted: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    comment: Mapped[Comment] = relationship()

    @classmethod
    def receive(cls, comment: Comment, objection: Objection, *, key: str) -> Self:
        """Store what somebody objects to; the same key is stored once. An address written to a lot is forgotten."""
        known = cls.of_code(cls.code_of(key))
        if known:
            return known
        made = cls(
            code_hash=tokens.digest(cls.code_of(key)),
            comment_id=comment.id,
            received_at=clock.now(),
            **objection._asdict(),
        )
        db.session.add(made)
        db.session.flush()
        if made.email and made._is_one_letter_too_many:
            made.forget_address()
        return made

    @property
    def _is_one_letter_too_many(self) -> bool:
        is_same = func.lower(Notice.email) == func.lower(self.email)
        of_late = select(Notice.id).where(is_same, Notice.received_at > clock.now() - timedelta(days=1))
        return len(db.session.scalars(of_late.limit(LETTERS + 1)).all()) > LETTERS

    @staticmethod
    def code_of(key: str) -> str:
        """The code of the receipt that a submission's key leads to."""
        return tokens.receipt(settings().secret_key, f"notice {key}")

    @classmethod
    def of_code(cls, code: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.code_hash == tokens.digest(code)))

    @classmethod
    def open_about(cls, comment_id: int) -> list[Self]:
        """What is still to be decided about a comment, oldest first."""
        found = select(cls).where(cls.comment_id == comment_id, cls.state != State.DECIDED)
        return list(db.session.scalars(found.order_by(cls.id)))

    @classmethod
    def about(cls, comment_id: int) -> list[Self]:
        return list(db.session.scalars(select(cls).where(cls.comment_id == comment_id).order_by(cls.id)))

    @property
    def is_open(self) -> bool:
        return self.state != State.DECIDED

    @property
    def changed_the_comment(self) -> bool:
        return self.outcome in DEEDS

    @property
    def can_be_taken_back(self) -> bool:
        """Whether a person has decided, and nobody was told so far."""
        return self.state == State.DECIDED and self.told_at is None and self.decided_by is not None

    @property
    def due_at(self) -> datetime:
        """When somebody at the desk has to look at it again."""
        if self.answered_at:
            return self.answered_at + DECIDE_WITHIN
        return self.answer_until or self.received_at + DECIDE_WITHIN

    def is_late(self, now: datetime) -> bool:
        return self.is_open and self.due_at < now

    def ask(self, question: str, days: int) -> None:
        """Ask the author, who has so many days to answer. Raises DecidedMeanwhile where it is not open any more."""
        now = clock.now()
        values = {"question": question, "asked_at": now, "answer_until": now + timedelta(days=days)}
        self._move({State.OPEN}, State.ASKED, values)

    def hear_author(self, text: str) -> None:
        """The author's side, once; also after the deadline, as long as nothing is decided. Raises DecidedMeanwhile."""
        said = {"answer": text, "answered_at": clock.now()}
        self._move({State.ASKED}, State.ASKED, said, Notice.answered_at.is_(None))

    def decide(
        self,
        outcome: Outcome,
        statement: str,
        rule: str,
        *,
        by: Member,
        seen: CommentState,
        edits: int,
        reason_key: str = "",
    ) -> None:
        """Decide, and do to the comment what that means, in the state and the words in which it was seen.

        Raises DecidedMeanwhile, or MovedMeanwhile of the comment.
        """
        comment = self.comment
        take(comment)
        if outcome not in endings(comment, comment.state):
            raise DecidedMeanwhile(self.id)
        values: dict[str, Any] = {  # Any: columns' values
            "outcome": outcome,
            "statement": statement,
            "rule": rule,
            "decided_by": by.id,
            "decided_at": clock.now(),
            "was_state": comment.taken_back or comment.state.value,
            "was_redacted": comment.is_redacted,
        }
        self._move({State.OPEN, State.ASKED}, State.DECIDED, values)
        if outcome == Outcome.BLACKED_OUT:
            comment.decide(CommentState.PUBLISHED, seen=seen, edits=edits, is_redacted=True)
        elif outcome == Outcome.REMOVED:
            self._remove(seen, edits, reason_key)

    def _remove(self, seen: CommentState, edits: int, key: str) -> None:
        """Remove the comment; one that its writer withdrew, too. What a person has removed keeps the reason it has."""
        comment = self.comment
        if comment.taken_back is TakenBack.WITHDRAWN:
            withdrawal.overrule(comment)
        elif comment.state == CommentState.REMOVED == seen:
            return
        comment.decide(CommentState.REMOVED, seen=seen, edits=edits, reason=self.statement[:300], reason_key=key)

    def close_as_gone(self) -> None:
        """The comment was erased: there is nothing left to decide."""
        values = {"outcome": Outcome.GONE, "decided_at": clock.now()}
        self._move({State.OPEN, State.ASKED}, State.DECIDED, values)

    def take_back(self, edits: int) -> None:
        """Undo the decision before anybody was told. Raises as `decide` does."""
        take(self.comment)
        outcome, before = self.outcome, State.ASKED if self.asked_at else State.OPEN
        values = {"outcome": None, "statement": "", "rule": "", "decided_by": None, "decided_at": None}
        by_a_person = (Notice.told_at.is_(None), Notice.decided_by.is_not(None))
        self._move({State.DECIDED}, before, values, *by_a_person)
        if outcome not in DEEDS or self.was_state == DEEDS[outcome] == CommentState.REMOVED:
            return
        was = CommentState.REMOVED if self.was_state == TakenBack.WITHDRAWN else CommentState(self.was_state)
        self.comment.decide(was, seen=DEEDS[outcome], edits=edits, is_redacted=self.was_redacted, is_finding=False)
        Sample.take_back(self.comment)
        if self.was_state == TakenBack.WITHDRAWN:
            withdrawal.restore(self.comment)

    @classmethod
    def take_to_tell(cls, id_: int) -> Self | None:
        """A decision that both sides are told of now, by whoever takes it: nobody else finds it any more."""
        is_due = (cls.id == id_) & (cls.state == State.DECIDED) & cls.told_at.is_(None)
        taken = update(cls).where(is_due).values(told_at=clock.now()).returning(cls.id)
        found = db.session.scalar(taken.execution_options(synchronize_session=False))
        return db.session.get(cls, id_, populate_existing=True) if found else None

    def forget_address(self) -> None:
        """Both sides know: nothing more is written to the one who objected."""
        self.email = ""

    def _move(
        self,
        expected: set[State],
        to: State,
        values: dict[str, Any],  # Any: columns' values
        *conditions: ColumnElement[bool],
    ) -> None:
        """Compare and set."""
        where = (Notice.id == self.id, Notice.state.in_(expected), *conditions)
        moved = db.session.execute(update(Notice).where(*where).values(state=to, **values))
        db.session.refresh(self)
        if not moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            raise DecidedMeanwhile(self.id)


def endings(comment: Comment, seen: CommentState) -> list[Outcome]:
    """How a notice about a comment can end. What its writer withdrew is not gone: it can come back."""
    is_shown = seen == CommentState.PUBLISHED
    is_possible = {
        Outcome.REMOVED: not is_erased(comment),
        Outcome.BLACKED_OUT: is_shown,
        Outcome.GONE: not is_shown and comment.taken_back is not TakenBack.WITHDRAWN,
    }
    return [one for one in Outcome if is_possible.get(one, True)]


def lane(limit: int, offset: int, *, is_open: bool) -> Sequence[Notice]:
    """What is to be decided, oldest first, or what was, latest first."""
    order = Notice.id if is_open else Notice.decided_at.desc()
    found = select(Notice).where(_open() if is_open else Notice.state == State.DECIDED).order_by(order)
    found = found.options(selectinload(Notice.comment))
    return db.session.scalars(found.limit(limit).offset(offset)).all()


def count(*, is_open: bool) -> int:
    where = _open() if is_open else Notice.state == State.DECIDED
    return db.session.scalar(select(func.count()).select_from(Notice).where(where)) or 0


def count_late() -> int:
    """How many somebody at the desk should have looked at by now."""
    now = clock.now()
    is_late = or_(
        and_(Notice.asked_at.is_(None), Notice.received_at < now - DECIDE_WITHIN),
        and_(Notice.answered_at.is_(None), Notice.answer_until < now),
        Notice.answered_at < now - DECIDE_WITHIN,
    )
    return db.session.scalar(select(func.count()).select_from(Notice).where(_open(), is_late)) or 0


def to_be_told() -> list[int]:
    """Decisions that can no longer be taken back and that nobody was told of."""
    over = (Notice.state == State.DECIDED) & (Notice.decided_at <= clock.now() - UNDO_WITHIN)
    return list(db.session.scalars(select(Notice.id).where(over, Notice.told_at.is_(None)).order_by(Notice.id)))


def forget() -> int:
    """Delete notices whose time is over, a batch; how many."""
    old = select(Notice.id).where(Notice.decided_at < clock.now() - KEPT_FOR).limit(200)
    rows = list(db.session.scalars(old))
    for id_ in rows:
        db.session.delete(db.session.get_one(Notice, id_))
    db.session.flush()
    return len(rows)


def _open() -> ColumnElement[bool]:
    return Notice.state != State.DECIDED
