"""A tally: how many confirmed and contradicted, counted once a day and rounded down to full steps, as every figure."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Self

from sqlalchemy import CheckConstraint, ForeignKey, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from app.config import campaign
from app.extensions import Model, db
from app.kit import clock


class Tally(Model):
    """The published answers to one claim as of a day; the newest stands."""

    __tablename__ = "promise_tally"
    __table_args__ = (CheckConstraint("confirmed >= 0 AND contradicted >= 0", name="numbers"),)

    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), primary_key=True)
    made_on: Mapped[date] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("promise_event.id"))
    confirmed: Mapped[int]
    contradicted: Mapped[int]
    exact_confirmed: Mapped[int]  # shown nowhere: from these the next one is moved by a full step or not at all
    exact_contradicted: Mapped[int]
    step: Mapped[int]

    @classmethod
    def make(
        cls,
        promise_id: int,
        claim_id: int,
        claimed_on: date,
        confirmed: int,
        contradicted: int,
        *,
        last: Self | None = None,
    ) -> Self | None:
        """Publish the numbers of today, rounded down; None where the `last` are of today, or too little has moved.

        Fewer answers than a full step since the last one would tell what one of them was, so the old numbers stay.
        Another claim begins at zero only where none of the answers counted before can count for it.
        """
        if last and last.made_on >= clock.today():
            return None
        step = campaign().figure_step
        is_fresh = last is None or last.is_before(claim_id, claimed_on)
        if _moved(None if is_fresh else last, confirmed, contradicted) < step:
            return None
        made = cls(
            promise_id=promise_id,
            made_on=clock.today(),
            claim_id=claim_id,
            confirmed=confirmed - confirmed % step,
            contradicted=contradicted - contradicted % step,
            exact_confirmed=confirmed,
            exact_contradicted=contradicted,
            step=step,
        )
        db.session.add(made)
        return made

    def is_before(self, claim_id: int, claimed_on: date) -> bool:
        """Whether it is of an earlier claim, and no answer that it counts can count for this one."""
        return self.claim_id != claim_id and claimed_on > self.made_on


def last_tallies(promise_ids: Sequence[int]) -> dict[int, Tally]:
    """The newest tally of each promise."""
    if not promise_ids:
        return {}
    return {tally.promise_id: tally for tally in db.session.scalars(_last(), {"ids": list(promise_ids)})}


@cache
def _last() -> Select[Tally]:
    of_these = Tally.promise_id.in_(bindparam("ids", expanding=True))
    newest = select(Tally.promise_id, func.max(Tally.made_on)).where(of_these).group_by(Tally.promise_id)
    return select(Tally).where(tuple_(Tally.promise_id, Tally.made_on).in_(newest))


def faults() -> Iterator[str]:
    """What was published of promises and is not what was counted, rounded down to full steps."""
    broken = or_(
        Tally.confirmed != Tally.exact_confirmed - Tally.exact_confirmed % Tally.step,
        Tally.contradicted != Tally.exact_contradicted - Tally.exact_contradicted % Tally.step,
    )
    for tally in db.session.scalars(select(Tally).where(broken).order_by(Tally.promise_id, Tally.made_on)):
        yield f"the answers of {tally.made_on} to promise {tally.promise_id} are not what was counted, in full steps"


def _moved(last: Tally | None, confirmed: int, contradicted: int) -> int:
    before = (last.exact_confirmed, last.exact_contradicted) if last else (0, 0)
    return max(abs(confirmed - before[0]), abs(contradicted - before[1]))  # who switches is in both, and is one
