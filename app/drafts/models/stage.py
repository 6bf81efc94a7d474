"""Where a draft is: what is stored, and what follows from that by the clock."""

from enum import StrEnum


class State(StrEnum):
    """What somebody has decided."""

    DRAFT = "draft"
    HANDED_IN = "handed-in"
    QUERIED = "queried"
    RELEASED = "released"
    DISCARDED = "discarded"


class Stage(StrEnum):
    """What people are told; scheduled and published differ by the clock alone."""

    DRAFT = "draft"
    HANDED_IN = "handed-in"
    QUERIED = "queried"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    DISCARDED = "discarded"


class MovedOn(Exception):
    """Somebody else saved or decided since the page was opened."""


class NotNow(Exception):
    """Where the draft is, this cannot be done; the message says why."""
