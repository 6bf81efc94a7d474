"""The desk's pages, one file a subject."""

from app.desk.views import answers, comments, index, people, reports
from app.desk.views.room import bp

__all__ = ["answers", "bp", "comments", "index", "people", "reports"]
