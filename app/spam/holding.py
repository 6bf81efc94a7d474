"""Whether a report is held for a person before it counts: every signal, its points, and the one threshold.

The address a report comes from is no signal: hundreds of mobile customers share one, and nothing here is handed it.
What comes during a real outage is alike, too; so equal answers and many from one place count only together with
something else, and only from numbers on that an outage of one town does not reach.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

HELD_FROM = 10  # points
ALONE, TOGETHER, NOTED = 10, 5, 0  # holds by itself; holds with one more; says something to a person only

COPIES = 3  # similar texts that count within an hour; the next one is held
SAME_ANSWERS = 120  # equal answers within an hour that anybody may come after
BURST = 240  # reports of one place within a minute that anybody may come after; 2011 began with 300 in an evening
YOUNG = 3.0  # seconds in which nobody reads, picks and sends


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What is known of how one report came."""

    is_trapped: bool = False
    """Whether the field that people do not see was filled."""
    open_seconds: float | None = None
    """How long the page was open, as its script claims; None without script."""
    similar: int = 0
    """Texts nearly like this one that came earlier within the hour."""
    same_answers: int = 0
    """Reports with exactly these answers that came earlier within the hour."""
    same_place: int = 0
    """Reports of this place that came earlier and were told within the same minute."""


@dataclass(frozen=True, slots=True)
class Holding:
    """The outcome: whether a person has to look first, and the keys of all signals that were heard."""

    is_held: bool
    reasons: tuple[str, ...]


def weigh(evidence: Evidence) -> Holding:
    """Add up the points of the signals."""
    heard = list(_heard(evidence))
    return Holding(sum(points for points, _ in heard) >= HELD_FROM, tuple(key for _, key in heard))


def honeypot(evidence: Evidence) -> int | None:
    """A field that people do not see was filled."""
    return ALONE if evidence.is_trapped else None


def similar_text(evidence: Evidence) -> int | None:
    """Nearly the same text came before within the hour; from the fourth on it is held."""
    if evidence.similar >= COPIES:
        return ALONE
    return NOTED if evidence.similar else None


def same_answers(evidence: Evidence) -> int | None:
    """All answers are those of many others within the hour."""
    return TOGETHER if evidence.same_answers >= SAME_ANSWERS else None


def burst(evidence: Evidence) -> int | None:
    """Very many come from one place within a minute."""
    return TOGETHER if evidence.same_place >= BURST else None


def too_quick(evidence: Evidence) -> int | None:
    """The page was open for less than three seconds, as its own script says."""
    return TOGETHER if evidence.open_seconds is not None and evidence.open_seconds < YOUNG else None


Signal = Callable[[Evidence], int | None]
SIGNALS: dict[str, Signal] = {
    "honeypot": honeypot,
    "near-duplicate": similar_text,
    "same-answers": same_answers,
    "burst": burst,
    "too-quick": too_quick,
}


def _heard(evidence: Evidence) -> Iterator[tuple[int, str]]:
    for key, signal in SIGNALS.items():
        if (points := signal(evidence)) is not None:
            yield points, key
