"""What rooms above know of a comment, for its writer; and what an erasure or its time must not take."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, false, or_

from app.kit import notes

if TYPE_CHECKING:
    from app.comments.models import Comment


@dataclass(frozen=True, slots=True)
class Note(notes.Note["Comment"]):
    """A room's part in a comment."""

    erase: "Callable[[Comment], None]"
    is_needed: "Callable[[], ColumnElement[bool]]"  # of a row of `comment`: its words are, to decide something
    is_named: "Callable[[], ColumnElement[bool]]"  # of a row of `comment`: something points to it


NOTES: "notes.Notes[Comment, Note]" = notes.Notes("comment_notes")


def erase(comment: "Comment") -> None:
    """Have every room delete what it keeps of the writer's words."""
    for note in NOTES.all():
        note.erase(comment)


def is_needed() -> "ColumnElement[bool]":
    """Of a row of `comment`: some room still needs its words."""
    return or_(false(), *(note.is_needed() for note in NOTES.all()))


def is_named() -> "ColumnElement[bool]":
    """Of a row of `comment`: some room has something about it that would go with the row."""
    return or_(false(), *(note.is_named() for note in NOTES.all()))
