"""What the world knows besides the extracts: every figure that was published, and the exact public ledger."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.handover.attack.extract import Area, Node


@dataclass(frozen=True, slots=True)
class Figures:
    """What was new in one batch: an area to how many were published at least; the same by area and symptom.

    `periods` adds up, by area and period, the weeks that lie wholly inside, as they stood with the batch.
    """

    name: str
    step: int
    reports: Mapping[Area, int]
    symptoms: Mapping[tuple[Area, str], int]
    periods: Mapping[Node, int] = field(default_factory=dict)


@dataclass(slots=True)
class Moment:
    """The ledger at a moment: per period, how many reports told then count, and how many were taken out since."""

    counting: Counter[str] = field(default_factory=Counter)
    ever: Counter[str] = field(default_factory=Counter)
    out: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class World:
    """`moments` says for each extract by its name at which moments of the ledger it can be looked at."""

    figures: list[Figures] = field(default_factory=list)
    moments: dict[str, list[Moment]] = field(default_factory=dict)
    handed_over: frozenset[str] = frozenset()  # the hash of each manifest that the ledger has
    is_known: bool = False
