"""The desk's pages, one file a subject."""

from app.desk.views import (
    answers,
    appeals,
    bulks,
    comments,
    enquiries,
    handovers,
    held,
    index,
    notices,
    people,
    promises,
    reports,
    revisions,
    rules,
    search,
    surge,
    voidings,
)
from app.desk.views.room import bp

__all__ = [
    "answers",
    "appeals",
    "bp",
    "bulks",
    "comments",
    "enquiries",
    "handovers",
    "held",
    "index",
    "notices",
    "people",
    "promises",
    "reports",
    "revisions",
    "rules",
    "search",
    "surge",
    "voidings",
]
