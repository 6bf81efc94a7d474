"""Words for a comment that stands here as a stub: its old site has taken it out of the bin."""

from collections.abc import Mapping
from typing import Any

from app.comments.models import Comment, State, lessons
from app.extensions import db


def fill(id_: int, columns: Mapping[str, Any]) -> None:  # Any: columns' values
    """Have the stub say what it was a stub of, where it stands. Called with its thread taken."""
    comment = db.session.get_one(Comment, id_)
    with comment.before_readers(State.PUBLISHED):
        for name, value in columns.items():
            setattr(comment, name, value)
        comment.lesson = None
    lessons.teach(comment, columns["lesson"])
