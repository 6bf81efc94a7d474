"""Rules: what each hears in a submission, what that weighs, and in which mode it is."""

from app.spam.rules.rule import MANNER, READ, Layer, Mode, Rule
from app.spam.rules.table import AKISMET, BAYES, CROWDED, DECLINED, KEYS, RULES, mode_of
from app.spam.rules.weighing import OBSERVED, SPAM_FROM, UNSURE_FROM, Modes, conclude, hear, local

__all__ = [
    "AKISMET",
    "BAYES",
    "CROWDED",
    "DECLINED",
    "KEYS",
    "MANNER",
    "OBSERVED",
    "READ",
    "RULES",
    "SPAM_FROM",
    "UNSURE_FROM",
    "Layer",
    "Mode",
    "Modes",
    "Rule",
    "conclude",
    "hear",
    "local",
    "mode_of",
]
