"""What a writer is told of notices about the own comment: the question, and later the statement of reasons."""

from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import ColumnElement, exists, update

from app.comments.models import Comment
from app.comments.notes import Note
from app.extensions import db
from app.notices.forms import SideForm
from app.notices.models import Notice, State


def draw(comment: Comment, code: str, form: SideForm | None = None, answered: int | None = None) -> Markup:
    """The section on the private page; nothing while nobody at the desk has asked or decided."""
    seen = _known_to_author(comment)
    if not seen:
        return Markup()
    page = render_template(
        "notices/_of_author.html", notices=seen, code=code, form=form or SideForm(formdata=None), answered=answered
    )
    return Markup(page)  # noqa: S704 -- Jinja escapes


def facts(comment: Comment) -> dict[str, Any]:  # Any: JSON values
    """The same for the export; nothing of what the other side said."""
    seen = _known_to_author(comment)
    return {
        "notices": [
            {
                "ground": one.ground.value,
                "question": one.question or None,
                "answer": one.answer or None,
                "outcome": one.outcome.value if one.outcome and one.told_at else None,
                "statement": one.statement if one.told_at else None,
            }
            for one in seen
        ]
    }


def erase(comment: Comment) -> None:
    """Delete what notices quote of the comment, and what its writer answered; open ones are about nothing any more."""
    db.session.execute(update(Notice).where(Notice.comment_id == comment.id).values(passage="", answer=""))
    for one in Notice.about(comment.id):
        if one.state != State.DECIDED:
            one.close_as_gone()


def is_needed() -> ColumnElement[bool]:
    """Of a row of `comment`: a notice about it is to be decided."""
    return exists().where(Notice.comment_id == Comment.id, Notice.state != State.DECIDED)


def is_named() -> ColumnElement[bool]:
    """Of a row of `comment`: a notice about it is kept."""
    return exists().where(Notice.comment_id == Comment.id)


def _known_to_author(comment: Comment) -> list[Notice]:
    """What the author was asked about, or what has changed the comment once that cannot be undone."""
    return [one for one in Notice.about(comment.id) if one.asked_at or (one.told_at and one.changed_the_comment)]


NOTE = Note(draw=draw, facts=facts, erase=erase, is_needed=is_needed, is_named=is_named)
