"""Fragments that are to be rendered anew, and those that do not say what their comment says."""

from collections.abc import Iterator

from sqlalchemy import func, select

from app.comments import rendering
from app.comments.models.comment import Comment
from app.comments.models.fragment import Fragment
from app.comments.models.state import State
from app.extensions import db, paged

BATCH = 500


def outdated(limit: int = BATCH) -> list[int]:
    """Comments that readers see and of which no fragment of today's templates is kept in some language."""
    made_of = rendering.all_made_of()
    current = select(func.count()).select_from(Fragment).where(Fragment.comment_id == Comment.id)
    current = current.where(Fragment.made_of.in_(made_of.values()))
    is_shown = Comment.published_at.is_not(None) & (Comment.state != State.WAITING)
    found = select(Comment.id).where(is_shown, current.scalar_subquery() < len(made_of))
    return list(db.session.scalars(found.order_by(Comment.id.desc()).limit(limit)))


def render_anew(ids: list[int]) -> None:
    """Keep their fragments as of today; a comment about which somebody decides this moment is left to them."""
    found = select(Comment).where(Comment.id.in_(ids)).with_for_update(skip_locked=True)
    Fragment.renew(db.session.scalars(found.execution_options(populate_existing=True)))


def faults() -> Iterator[str]:
    """Each fragment that readers get and that says something else than its comment, and each of what nobody sees."""
    made_of = rendering.all_made_of()
    found = select(Comment, Fragment).join(Fragment, Fragment.comment_id == Comment.id).order_by(Comment.id)
    for comment, fragment in paged(found, 1000):
        if not comment.was_shown:
            yield f"comment {comment.id} is kept for pages in {fragment.lang}, and no reader sees it"
        elif fragment.made_of != made_of[fragment.lang]:
            continue  # no page is made of it
        elif fragment.html != rendering.kept(comment.said, fragment.lang):
            yield f"comment {comment.id} stands on pages in {fragment.lang} as something else"
