"""The three handovers of the demo: proposed, looked at and released by two, as the campaign of 2011 would have."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from app.config import campaign
from app.extensions import db
from app.handover import archive
from app.handover.models import Handover, Release
from app.handover.models.release import Standing
from app.handover.protocol import Deed
from app.kit import clock
from app.people.models import Decision, Member
from app.site.demo import figures
from app.site.demo.ledger import publish_until, sign

RELEASED_AT = (
    datetime(2011, 11, 23, 22, 30, tzinfo=clock.BERLIN),
    datetime(2011, 11, 24, 18, 0, tzinfo=clock.BERLIN),
    datetime(2011, 11, 29, 12, 0, tzinfo=clock.BERLIN),
)
LOOKED_AT_FOR = timedelta(minutes=75)

Step = tuple[datetime, Callable[[], object]]


class Handovers:
    """What is still to come of them; each step is done at its own moment, after everything that came before it."""

    def __init__(self, rng: random.Random, proposer: Member, second: Member) -> None:
        self._chance, self._proposer, self._second = random.Random(rng.random()), proposer, second  # noqa: S311 -- the demo must come out the same
        self._due = [step for at in RELEASED_AT for step in self._steps(at)]

    def until(self, moment: datetime) -> None:
        """Do what was done up to a moment."""
        while self._due and self._due[0][0] <= moment:
            at, deed = self._due.pop(0)
            publish_until(at)
            figures.publish_nights(at)
            with clock.standing_at(at):
                deed()
                db.session.commit()

    def _steps(self, at: datetime) -> tuple[Step, ...]:
        seen = at - LOOKED_AT_FOR
        return (
            (seen - LOOKED_AT_FOR, self._propose),
            (seen, lambda: self._release(self._proposer)),
            (at, self._hand_over),
        )

    def _propose(self) -> None:
        made = Handover.propose(campaign().carrier_slug, by=self._proposer, chance=self._chance)
        Decision.record(Deed.PROPOSE, made.subject, by=self._proposer, reason=f"{made.recipient} · k {made.k}")

    def _hand_over(self) -> None:
        handover = self._release(self._second)
        db.session.commit()
        archive.settle(handover)
        sign()

    def _release(self, by: Member) -> Handover:
        handover = Handover.proposed()
        if handover is None:
            raise LookupError("a handover was just proposed")
        seen = len(Standing.of(handover).given)
        if delivery := Release.give(handover, by=by, chance=self._chance, seen=seen):
            archive.stage(handover, delivery)
        Decision.record(Deed.RELEASE, handover.subject, by=by)
        return handover
