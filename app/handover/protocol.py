"""The public protocol: what may be said of each handover, from rows and from the manifest as it was sealed."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.handover.models import Handover, HandoverAnswer, State
from app.handover.models.answer import answers_to
from app.handover.models.release import Standing
from app.people.models import Decision


class Deed(StrEnum):
    """What can be done to a handover at the desk; the public reads who did it and when."""

    PROPOSE = "handover-propose"
    RELEASE = "handover-release"
    TAKE_BACK = "handover-take-back"
    DISCARD = "handover-discard"
    ANSWER = "handover-answer"


STEPS = frozenset({Deed.PROPOSE, Deed.RELEASE, Deed.TAKE_BACK, Deed.DISCARD})


@dataclass(frozen=True, slots=True)
class Step:
    """One deed on the way; `by` is a first name, "" for the command line."""

    deed: Deed
    at: datetime
    by: str
    role: str


@dataclass(frozen=True, slots=True)
class Account:
    """Everything public about one handover. Of a proposal there are no figures."""

    handover: Handover
    manifest: Mapping[str, Any]  # Any: JSON values; empty until it is released
    steps: Sequence[Step]
    answers: Sequence[HandoverAnswer]
    standing: Standing | None  # of a proposal

    @property
    def id(self) -> int:
        return self.handover.id

    @property
    def is_released(self) -> bool:
        return self.handover.state == State.RELEASED

    @property
    def is_proposed(self) -> bool:
        return self.handover.state == State.PROPOSED

    @property
    def manifest_hash(self) -> str:
        """SHA-256 over the manifest's bytes, as the ledger has it."""
        return hashlib.sha256(self.handover.manifest.encode()).hexdigest()

    @property
    def changed_at(self) -> datetime:
        """When something public of it was last new."""
        moments = [step.at for step in self.steps] + [answer.answered_at for answer in self.answers]
        return max([*moments, self.handover.released_at or self.handover.built_at])


def accounts() -> list[Account]:
    """Every handover, the newest first."""
    return _told(db.session.scalars(select(Handover).order_by(Handover.id.desc())).all())


def account(handover: Handover) -> Account:
    return _told([handover])[0]


def _told(handovers: Sequence[Handover]) -> list[Account]:
    decisions, answers = _decisions(handovers), answers_to(handovers)
    return [
        Account(
            handover=one,
            manifest=json.loads(one.manifest) if one.manifest else {},
            steps=_steps(one, decisions.get(one.subject, [])),
            answers=answers.get(one.id, []),
            standing=Standing.of(one) if one.state == State.PROPOSED else None,
        )
        for one in handovers
    ]


def _decisions(handovers: Iterable[Handover]) -> Mapping[str, list[Decision]]:
    found: defaultdict[str, list[Decision]] = defaultdict(list)
    these = Decision.about.in_([one.subject for one in handovers]) & Decision.deed.in_(STEPS)
    for decision in db.session.scalars(select(Decision).where(these).order_by(Decision.id)):
        found[decision.about].append(decision)
    return found


def _steps(handover: Handover, decisions: Iterable[Decision]) -> list[Step]:
    """What was done at the desk; of what a shell built and sealed in one go the row tells."""
    steps = [
        Step(Deed(one.deed), one.at, one.by.first_name if one.by else "", one.by.role if one.by else "")
        for one in decisions
    ]
    if not steps and handover.released_at:
        return [Step(Deed.RELEASE, handover.released_at, "", "")]
    return steps
