"""From what the rules hear to a judgement: points, and what no points outweigh."""

from collections.abc import Mapping
from types import MappingProxyType

from app.spam.rules.rule import MANNER, Effect, Mode
from app.spam.rules.table import RULES, mode_of
from app.spam.submission import Submission
from app.spam.verdict import Judgement, Verdict

UNSURE_FROM = 3
SPAM_FROM = 8
OBSERVED = "observed:"  # before the key of a rule that only watches, among the reasons

Modes = Mapping[str, Mode]
"""What people have set, by key; what is not in it is in its own mode."""
Heard = Mapping[str, int]
"""The points of each rule that heard something, in the order of the table."""
AS_SHIPPED: Modes = MappingProxyType({})


def local(submission: Submission, modes: Modes = AS_SHIPPED) -> Judgement:
    """What the rules advise; nobody else is asked."""
    return conclude(hear(submission, modes), modes)


def hear(submission: Submission, modes: Modes = AS_SHIPPED) -> dict[str, int]:
    """The points of each rule that listens and hears something, whether it only observes or not."""
    listening = (rule for rule in RULES.values() if modes.get(rule.key, rule.mode) is not Mode.OFF)
    return {rule.key: points for rule in listening if (points := rule.weigh(submission)) is not None}


def conclude(heard: Heard, modes: Modes = AS_SHIPPED) -> Judgement:
    """HAM, UNSURE or SPAM by the points of those rules that are enforced; the reasons are the keys of all.

    Words alone never make spam: however many links somebody writes in anger, it takes a sign from the manner in
    which the text came to get there.
    """
    enforced = {key: points for key, points in heard.items() if modes.get(key, mode_of(key)) is Mode.ENFORCE}
    points = sum(enforced.values())
    if not any(given for key, given in enforced.items() if RULES[key].layer in MANNER):
        points = min(points, SPAM_FROM - 1)
    verdict = _verdict(points)
    if verdict is Verdict.HAM and any(RULES[key].effect is not Effect.NONE for key in enforced):
        verdict = Verdict.UNSURE
    reasons = tuple(key if key in enforced else OBSERVED + key for key in heard)
    needs_person = any(RULES[key].effect is Effect.PERSON for key in enforced)
    return Judgement(verdict, "local", reasons, heard=dict(heard), needs_person=needs_person)


def _verdict(points: int) -> Verdict:
    if points >= SPAM_FROM:
        return Verdict.SPAM
    return Verdict.UNSURE if points >= UNSURE_FROM else Verdict.HAM
