"""The desk's pages, one file a subject."""

from app.desk.views import (
    answers,
    appeals,
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
    sample,
    search,
    surge,
    voidings,
)
from app.desk.views.room import bp

__all__ = [
    "answers",
    "appeals",
    "bp",
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
    "sample",
    "search",
    "surge",
    "voidings",
]
