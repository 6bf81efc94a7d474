"""Why somebody objects, where the notice is, how it ended."""

from enum import StrEnum


class Ground(StrEnum):
    PRIVACY = "privacy"
    DEFAMATION = "defamation"
    HATE = "hate"
    COPYRIGHT = "copyright"
    IMPERSONATION = "impersonation"
    ILLEGAL = "illegal"
    RULES = "rules"


class State(StrEnum):
    OPEN = "open"
    ASKED = "asked"  # the author may answer until the deadline
    DECIDED = "decided"


class Outcome(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    BLACKED_OUT = "blacked-out"
    GONE = "gone"  # the comment was no longer to be seen
