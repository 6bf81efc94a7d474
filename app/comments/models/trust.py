"""Who is a known writer, and what that is good for (docs/decisions/0041).

Trust is in a hand, never in a name or an address. It is counted anew for each comment from what became of the
earlier ones, so that nothing has to be taken back where one of them is.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, case, exists, func, or_, select, update

from app.comments.models.state import State
from app.extensions import Model, db
from app.kit import clock

PUBLISHED_BEFORE = 2  # comments that vouch for a hand, one of them published by a person
SEEN_FOR = timedelta(hours=24)  # so long readers have seen what a person published
STOOD_FOR = timedelta(days=7)  # and what nobody but judges had read
DAY = timedelta(hours=24)
A_DAY = 5  # comments of one hand that are published for its sake; then none until a day has passed without one
BAD = (State.SPAM, State.REMOVED)


class StillBad(Exception):
    """A comment of the hand stands as spam or removed, by a person's decision."""


class Standing(NamedTuple):
    """What became of a hand's comments."""

    published: int
    """Those that readers see."""
    vouching: int
    by_people: int
    """Of the vouching ones those that a person published."""
    bad: int
    today: int
    """Those that were published for the hand's sake, until 24 hours have passed without another."""
    is_lost: bool

    @property
    def is_known(self) -> bool:
        is_vouched = self.vouching >= PUBLISHED_BEFORE and self.by_people > 0
        return is_vouched and not self.bad and not self.is_lost

    @property
    def left(self) -> int:
        """How many more may be published for its sake now."""
        return max(0, A_DAY - self.today) if self.is_known else 0


NOBODY = Standing(0, 0, 0, 0, 0, False)


def standings(hands: Sequence[int]) -> dict[int, Standing]:
    """How hands stand, by their numbers, in one question."""
    if not hands:
        return {}
    now = clock.now()
    asked = {"hands": hands, "seen": now - SEEN_FOR, "stood": now - STOOD_FOR, "today": now - DAY}
    rows = db.session.execute(_question(), asked)
    return {row[0]: Standing(row[1], row[2], row[3], row[4], row[5], is_lost=row[6] is not None) for row in rows}


@cache
def _question() -> Select[Any]:  # Any: a hand, its counts, when trust was lost
    """What became of hands' comments; made once, since making it takes longer than asking it."""
    comment, by_hand, hand = (_table(name) for name in ("comment", "comment_by_hand", "comment_hand"))
    spent = _table("comment_hand_forgotten")  # a comment vouches for one hand, once
    is_seen = and_(comment.c.state == State.PUBLISHED, comment.c.taken_back.is_(None))
    one_by_one = comment.c.bulk_id.is_(None)  # in bulk nobody has looked at each
    vouches = and_(is_seen, spent.c.comment_id.is_(None))
    by_people = and_(vouches, comment.c.is_decided, one_by_one, comment.c.published_at <= bindparam("seen"))
    stood = and_(vouches, ~by_hand.c.is_trusted, comment.c.published_at <= bindparam("stood"))
    counted = (_count(one) for one in (is_seen, or_(by_people, stood), by_people, _is_bad()))
    today = case((hand.c.let_at > bindparam("today"), hand.c.let_through), else_=0)
    asked = select(by_hand.c.hand_id, *counted, today, hand.c.lost_at).select_from(by_hand)
    asked = asked.join(comment, comment.c.id == by_hand.c.comment_id).join(hand, hand.c.id == by_hand.c.hand_id)
    asked = asked.outerjoin(spent, spent.c.comment_id == comment.c.id)
    asked = asked.where(by_hand.c.hand_id.in_(bindparam("hands", expanding=True)))
    return asked.group_by(by_hand.c.hand_id, hand.c.let_at, hand.c.let_through, hand.c.lost_at)


def of(hand: int) -> Standing:
    """How one hand stands."""
    return standings([hand]).get(hand, NOBODY)


def follow(comments: Sequence[int], *, is_bad: bool) -> None:
    """A person's decision about comments: their hands lose all trust at once, and have it again when none is bad.

    Called after the comments have moved. What a moderator's word on the hand took stays lost.
    """
    table, by_hand = _table("comment_hand"), _table("comment_by_hand")
    theirs = table.c.id.in_(select(by_hand.c.hand_id).where(by_hand.c.comment_id.in_(comments)))
    if is_bad:
        of_it = (by_hand.c.hand_id == table.c.id) & by_hand.c.comment_id.in_(comments)
        values = {
            "lost_at": clock.now(),
            "lost_by": select(func.min(by_hand.c.comment_id)).where(of_it).scalar_subquery(),
        }
        db.session.execute(update(table).where(theirs, table.c.lost_at.is_(None)).values(values))
    else:
        regained = theirs & table.c.lost_by.is_not(None) & ~_has_bad()
        db.session.execute(update(table).where(regained).values(lost_at=None, lost_by=None))


def outlive(comments: Sequence[int]) -> None:
    """Before comments go for good: what a bad one of them has cost no other one brings back."""
    table, by_hand, comment = _table("comment_hand"), _table("comment_by_hand"), _table("comment")
    bad = select(by_hand.c.hand_id).join(comment, comment.c.id == by_hand.c.comment_id)
    bad = bad.where(comment.c.id.in_(comments), _is_bad())
    values = {"lost_at": func.coalesce(table.c.lost_at, clock.now()), "lost_by": None}
    db.session.execute(update(table).where(table.c.id.in_(bad)).values(values))


def decide(hand: int, *, is_trusted: bool) -> bool:
    """A person's word on a hand itself; False where it was so before. StillBad where trust would not help it."""
    table = _table("comment_hand")
    before = table.c.lost_at.is_not(None) if is_trusted else table.c.lost_at.is_(None)
    if is_trusted and db.session.scalar(select(table.c.id).where(table.c.id == hand, _has_bad())):
        raise StillBad(hand)
    values = {"lost_at": None if is_trusted else clock.now(), "lost_by": None}
    moved = db.session.execute(update(table).where(table.c.id == hand, before).values(values).returning(table.c.id))
    return bool(moved.all())


def _has_bad() -> ColumnElement[bool]:
    comment, by_hand, table = _table("comment"), _table("comment_by_hand"), _table("comment_hand")
    of_the_hand = (by_hand.c.hand_id == table.c.id) & (comment.c.id == by_hand.c.comment_id)
    return exists().where(of_the_hand & _is_bad())


def _is_bad() -> ColumnElement[bool]:
    """A person has found it so; what its writer took back is nobody's finding."""
    comment = _table("comment")
    return and_(comment.c.is_decided, comment.c.state.in_(BAD), comment.c.taken_back.is_(None))


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((which, 1)))


def _table(name: str) -> Table:
    return Model.metadata.tables[name]
