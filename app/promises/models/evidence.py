"""How many customers confirm and contradict each claim, counted from the rows of one moment; only steps leave the room.

Of each report in scope that counts, the latest answer since the day of the claim: what its owner said of this
promise, else, of a promise about the network, the latest follow-up. Three questions, however many promises and reports.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, Subquery, case, func, select

from app.extensions import paged
from app.places import gazetteer
from app.promises.models.answer import Answer, PromiseAnswer
from app.promises.models.event import Event
from app.promises.models.promise import Promise
from app.promises.models.scope import roots_of
from app.promises.models.story import stories
from app.reports.models import Answer as HowItIs
from app.reports.models import FollowUp, Report, State

PAGE = 5_000  # rows read at once
IS_GOOD = FollowUp.answer.in_((HowItIs.WORKS, HowItIs.BETTER))
IS_CONFIRMED = PromiseAnswer.answer == Answer.CONFIRMED

Counted = Counter[tuple[int, bool, str]]  # a promise or a day's place among the days; whether confirmed; the area


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exact numbers for one claim; they are rounded before anybody sees them."""

    promise_id: int
    claim_id: int
    claimed_on: date
    confirmed: int
    contradicted: int


def evidence_now() -> list[Evidence]:
    """Count for every claim that stands, in the caller's transaction, which must see one moment."""
    told = stories(Promise.all_listed()).values()
    claims = [(one.promise, claim) for one in told if (claim := one.claim)]
    return _Ballot(claims).counted() if claims else []


class _Ballot:
    """What was said on several claims, each number at its area and all areas around it."""

    def __init__(self, claims: list[tuple[Promise, Event]]) -> None:
        self._claims = claims
        self._days = sorted({claim.said_on for _, claim in claims})
        asked_network = [claim.id for promise, claim in claims if promise.is_about_network]
        latest = _latest(self._days[0])
        self._direct = _spread(_direct([claim.id for _, claim in claims]))
        self._said = _spread(_follow_ups(latest, self._days) if asked_network else ())
        self._both = _spread(_both(latest, asked_network) if asked_network else ())

    def counted(self) -> list[Evidence]:
        return [
            Evidence(
                promise.id, claim.id, claim.said_on, *(self._count(promise, claim, is_so) for is_so in (True, False))
            )
            for promise, claim in self._claims
        ]

    def _count(self, promise: Promise, claim: Event, is_confirmed: bool) -> int:  # noqa: FBT001 -- one of two numbers
        first = self._days.index(claim.said_on) if promise.is_about_network else len(self._days)
        return sum(
            self._direct[promise.id, is_confirmed, area]
            - self._both[promise.id, is_confirmed, area]
            + sum(self._said[when, is_confirmed, area] for when in range(first, len(self._days)))
            for area in roots_of(promise)
        )


def _direct(claim_ids: list[int]) -> Iterator[Any]:  # Any: rows of these five columns
    """What was said of each promise since its claim."""
    asked = _grouped(PromiseAnswer.promise_id, IS_CONFIRMED).select_from(PromiseAnswer)
    return paged(_since_claim(asked.join(Report, Report.id == PromiseAnswer.report_id), claim_ids), PAGE)


def _follow_ups(latest: Subquery, days: list[date]) -> Iterator[Any]:  # Any: rows of these five columns
    """What was said last of each report, by how many days of claims lay before it."""
    number = case(
        *((FollowUp.answered_on < day, index - 1) for index, day in enumerate(days)),
        else_=len(days) - 1,
    )
    asked = _grouped(number, IS_GOOD).select_from(latest).join(FollowUp, FollowUp.id == latest.c.id)
    return paged(asked.join(Report, Report.id == FollowUp.report_id), PAGE)


def _both(latest: Subquery, claim_ids: list[int]) -> Iterator[Any]:  # Any: rows of these five columns
    """The follow-ups that do not count for a promise, because its own question was answered."""
    asked = _grouped(PromiseAnswer.promise_id, IS_GOOD).select_from(PromiseAnswer)
    asked = asked.join(Report, Report.id == PromiseAnswer.report_id).join(FollowUp, FollowUp.report_id == Report.id)
    asked = _since_claim(asked.join(latest, latest.c.id == FollowUp.id), claim_ids)
    return paged(asked.where(FollowUp.answered_on >= Event.said_on), PAGE)


def _latest(since: date) -> Subquery:
    """The latest follow-up of each report, if it is not older; sought from the answers, which is quick."""
    found = select(func.max(FollowUp.id).label("id")).where(FollowUp.answered_on >= since)
    return found.group_by(FollowUp.report_id).subquery()


def _since_claim(asked: Select[Any], claim_ids: list[int]) -> Select[Any]:  # Any: whatever was asked for
    claim = (Event.promise_id == PromiseAnswer.promise_id) & Event.id.in_(claim_ids)
    return asked.join(Event, claim).where(PromiseAnswer.answered_on >= Event.said_on)


def _grouped(*what: Any) -> Select[Any]:  # Any: columns of any type
    columns = (*what, Report.place_id, Report.district_id)
    return select(*columns, func.count()).where(Report.state == State.COUNTED).group_by(*columns)


def _spread(rows: Iterable[Any]) -> Counted:  # Any: rows of five columns
    """Add each number to its district, place, state and country."""
    around = cache(gazetteer().path)
    counted: Counted = Counter()
    for what, is_confirmed, place, district, many in rows:
        for area in around(place, district):
            counted[what, bool(is_confirmed), area] += many
    return counted
