"""The room's pages: writing a comment, and what its writer may see and do with it afterwards."""

from app.comments.views import changing, following, hands, mine, private, writing  # noqa: F401 -- their routes register themselves
from app.comments.views.room import address, bp

__all__ = ["address", "bp"]
