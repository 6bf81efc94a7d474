"""The desk's pages, one file a subject."""

from app.desk.views import (
    answers,
    comments,
    enquiries,
    handovers,
    held,
    index,
    notices,
    people,
    promises,
    reports,
    rules,
    search,
    surge,
    voidings,
)
from app.desk.views.room import bp

__all__ = [
    "answers",
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
    "rules",
    "search",
    "surge",
    "voidings",
]
