"""The nouns of the room."""

from app.comments.models.comment import Comment, CommentContact, MovedMeanwhile, State
from app.comments.models.fragment import Fragment
from app.comments.models.snapshot import Feedback, Snapshot
from app.comments.models.thread import PER_PAGE, Badge, Shown, Thread, counts

__all__ = [
    "PER_PAGE",
    "Badge",
    "Comment",
    "CommentContact",
    "Feedback",
    "Fragment",
    "MovedMeanwhile",
    "Shown",
    "Snapshot",
    "State",
    "Thread",
    "counts",
]
