"""What rooms above know of a comment: a part of its writer's own page, facts for the export, what an erasure takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from markupsafe import Markup
from sqlalchemy import ColumnElement, false, or_

if TYPE_CHECKING:
    from app.comments.models import Comment

KEPT = "comment_notes"


@dataclass(frozen=True, slots=True)
class Note:
    """`draw` answers HTML for the comment of this private link, empty for nothing; `facts` what the export says."""

    draw: "Callable[[Comment, str], Markup]"
    facts: "Callable[[Comment], dict[str, Any]]"  # Any: JSON values
    erase: "Callable[[Comment], None]"
    is_needed: "Callable[[], ColumnElement[bool]]"  # of a row of `comment`: its words are, to decide something
    is_named: "Callable[[], ColumnElement[bool]]"  # of a row of `comment`: something points to it


def init_app(app: Flask) -> None:
    app.extensions[KEPT] = []


def add(app: Flask, note: Note) -> None:
    """Let a room above say something on every private page."""
    app.extensions[KEPT].append(note)


def drawn(comment: "Comment", code: str) -> list[Markup]:
    """What there is to show of a comment, room by room."""
    return [html for note in _all() if (html := note.draw(comment, code))]


def facts(comment: "Comment") -> dict[str, Any]:  # Any: JSON values
    """What there is to export of a comment, of all rooms."""
    return {key: value for note in _all() for key, value in note.facts(comment).items()}


def erase(comment: "Comment") -> None:
    """Have every room delete what it keeps of the writer's words."""
    for note in _all():
        note.erase(comment)


def is_needed() -> "ColumnElement[bool]":
    """Of a row of `comment`: some room still needs its words."""
    return or_(false(), *(note.is_needed() for note in _all()))


def is_named() -> "ColumnElement[bool]":
    """Of a row of `comment`: some room has something about it that would go with the row."""
    return or_(false(), *(note.is_named() for note in _all()))


def _all() -> list[Note]:
    found: list[Note] = current_app.extensions[KEPT]
    return found
