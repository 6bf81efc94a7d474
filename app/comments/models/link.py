"""A comment as its writer finds it again, by the code of a private link, and what the writer is told of it."""

from enum import StrEnum

from sqlalchemy import ColumnElement, Select, select

from app.comments.models.comment import Comment
from app.comments.models.size import ThreadSize
from app.comments.models.state import State, TakenBack
from app.extensions import db
from app.kit import tokens


class Standing(StrEnum):
    """Where a comment is, as its writer is told: spam is waiting until a person has decided."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


def by_code(code: str) -> Comment | None:
    """The comment to which a private link leads; an erased one is empty."""
    return db.session.scalar(_of(code))


def take(code: str) -> Comment | None:
    """The same for a deed: nobody else changes it until the caller's transaction ends."""
    post_slug = db.session.scalar(select(Comment.post_slug).where(_is_of(code)))
    if post_slug is None:
        return None
    ThreadSize.take([post_slug])  # before its comments, as everybody does who changes what readers see
    return db.session.scalar(_of(code).with_for_update(of=Comment).execution_options(populate_existing=True))


def standing(comment: Comment) -> Standing:
    """What its writer is told."""
    if not comment.text:
        return Standing.ERASED
    if comment.taken_back:
        return Standing(comment.taken_back.value)
    if comment.state is State.SPAM:
        return Standing.REFUSED if comment.is_decided else Standing.WAITING
    return Standing(comment.state.value)


def is_open(comment: Comment) -> bool:
    """Whether its writer can change its words or withdraw it: nobody has taken it away."""
    return standing(comment) in {Standing.WAITING, Standing.PUBLISHED}


def is_erased(comment: Comment) -> bool:
    return not comment.text or comment.taken_back is TakenBack.ERASED


def _of(code: str) -> Select[Comment]:
    return select(Comment).where(_is_of(code))


def _is_of(code: str) -> ColumnElement[bool]:
    return (Comment.link_hash == tokens.digest(code)) & Comment.member_id.is_(None)
