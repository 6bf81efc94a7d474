"""The verdict on a promise: a rule that anybody can check, from its claim, its due day and two published numbers."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kit import wilson

# So few answers decide nothing: at 20 it takes 15 on one side, at 10 nine would do, which is a group of friends.
LEAST = 20
HALF = 0.5


class State(StrEnum):
    """Where a promise stands."""

    OPEN = "open"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"
    CLAIMED_CONFIRMED = "claimed-confirmed"
    CLAIMED_CONTRADICTED = "claimed-contradicted"
    CLAIMED_MIXED = "claimed-mixed"
    CLAIMED_TOO_FEW = "claimed-too-few"


@dataclass(frozen=True, slots=True)
class Votes:
    """How many confirm a claim and how many contradict it, each rounded down to full steps, with bounds for the share.

    The bounds hold for whatever the numbers were before rounding: the lower one is that of the Wilson score interval
    (95 %) for the fewest that confirm among the most that contradict, the upper one the other way round.
    """

    confirmed: int
    contradicted: int
    step: int

    @property
    def asked(self) -> int:
        return self.confirmed + self.contradicted

    @property
    def share(self) -> float:
        return self.confirmed / self.asked if self.asked else 0.0

    @property
    def low(self) -> float:
        return self._bounds[0]

    @property
    def high(self) -> float:
        return self._bounds[1]

    @property
    def are_enough(self) -> bool:
        return self.asked >= LEAST

    @property
    def state(self) -> State:
        if not self.are_enough:
            return State.CLAIMED_TOO_FEW
        if self.low > HALF:
            return State.CLAIMED_CONFIRMED
        return State.CLAIMED_CONTRADICTED if self.high < HALF else State.CLAIMED_MIXED

    @property
    def _bounds(self) -> tuple[float, float]:
        more = self.step - 1
        return wilson.bounds((self.confirmed, self.confirmed + more), (self.contradicted, self.contradicted + more))


NO_VOTES = Votes(0, 0, 1)


def verdict(*, today: date, due_on: date | None, is_withdrawn: bool, votes: Votes | None) -> State:
    """The state as of a day in Germany; `votes` are those on the claim that stands, None where nothing is claimed."""
    if votes is not None:
        return votes.state
    if is_withdrawn:
        return State.WITHDRAWN
    return State.OVERDUE if due_on is not None and due_on < today else State.OPEN
