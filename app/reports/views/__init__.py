"""The room's pages, one file a subject."""

from app.reports.views import changing, finding, following, receipt, telling
from app.reports.views.room import bp

__all__ = ["bp", "changing", "finding", "following", "receipt", "telling"]
