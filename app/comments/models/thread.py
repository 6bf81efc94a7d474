"""The comments under a post as readers see them: four queries a page, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any, Self

from markupsafe import Markup
from sqlalchemy import Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.comments.models.comment import Comment, State
from app.extensions import db
from app.people.models import Member, Organisation
from app.people.models.organisation import TEAM
from app.web import blacking

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Badge:
    """Whose voice it is; only the server can draw it."""

    kind: str  # "guest" or "editor"
    organisation: str
    slug: str


@dataclass(slots=True)
class Shown:
    """One comment on a page, or the stub that a removed one leaves."""

    id: int
    name: str
    badge: Badge | None
    html: Markup
    written_at: datetime
    is_removed: bool
    reason: str
    answers_to: tuple[str, int] | None = None
    replies: list["Shown"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Thread:
    """One page of a post's comments, top-level ones in the order in which they were written."""

    total: int
    answers: int
    page: int
    pages: int
    comments: list[Shown]

    @classmethod
    def of(cls, post_slug: str, page: int = 1) -> Self:
        """The page; an empty one beyond the last."""
        total, answers, tops = _totals(post_slug)
        pages = max(1, ceil(tops / PER_PAGE))
        window = _rows(post_slug).where(Comment.thread_id.is_(None)).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
        top_rows = db.session.execute(window).all() if 0 < page <= pages else []
        return cls(total, answers, page, pages, _nest(top_rows, _replies(post_slug, top_rows)))

    @property
    def is_beyond(self) -> bool:
        return not 0 < self.page <= self.pages


def page_of(comment: Comment) -> int:
    """The page on which a comment stands."""
    top = comment.thread_id or comment.id
    before = select(func.count()).select_from(Comment)
    rank = before.where(
        Comment.post_slug == comment.post_slug, Comment.thread_id.is_(None), Comment.id < top, _is_seen()
    )
    return (db.session.scalar(rank) or 0) // PER_PAGE + 1


def counts() -> dict[str, tuple[int, int]]:
    """For each post its comments, and how many of them are official answers of guests."""
    official = func.sum(case((Organisation.slug != TEAM, 1), else_=0))
    found = (
        select(Comment.post_slug, func.count(Comment.id), official)
        .outerjoin(Member, Comment.member_id == Member.id)
        .outerjoin(Organisation, Member.organisation_id == Organisation.id)
        .where(Comment.state == State.PUBLISHED)
        .group_by(Comment.post_slug)
    )
    return {slug: (total, int(answers or 0)) for slug, total, answers in db.session.execute(found)}


def _is_seen() -> Any:  # Any: SQLAlchemy's boolean clause
    """Published, or a stub: removed after readers had seen it, or spam that has answers."""
    child = aliased(Comment)
    is_below = or_(child.parent_id == Comment.id, child.thread_id == Comment.id)
    is_answered = exists().where(is_below, child.state == State.PUBLISHED)
    was_public = Comment.published_at.is_not(None)
    return or_(
        Comment.state == State.PUBLISHED,
        and_(Comment.state == State.REMOVED, was_public),
        and_(Comment.state == State.SPAM, was_public, is_answered),
    )


def _totals(post_slug: str) -> tuple[int, int, int]:
    is_public = Comment.state == State.PUBLISHED
    found = (
        select(
            func.sum(case((is_public, 1), else_=0)),
            func.sum(case((is_public & (Organisation.slug != TEAM), 1), else_=0)),
            func.sum(case((Comment.thread_id.is_(None), 1), else_=0)),
        )
        .select_from(Comment)
        .outerjoin(Member, Comment.member_id == Member.id)
        .outerjoin(Organisation, Member.organisation_id == Organisation.id)
        .where(Comment.post_slug == post_slug, Comment.state != State.WAITING, _is_seen())
    )
    total, answers, tops = db.session.execute(found).one()
    return int(total or 0), int(answers or 0), int(tops or 0)


def _rows(post_slug: str) -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    return (
        select(
            Comment.id,
            Comment.thread_id,
            Comment.parent_id,
            Comment.name,
            Comment.html,
            Comment.is_redacted,
            Comment.state,
            Comment.written_at,
            Comment.removed_because,
            Organisation.name.label("organisation"),
            Organisation.slug.label("organisation_slug"),
        )
        .outerjoin(Member, Comment.member_id == Member.id)
        .outerjoin(Organisation, Member.organisation_id == Organisation.id)
        .where(Comment.post_slug == post_slug, _is_seen())
        .order_by(Comment.id)
    )


def _replies(post_slug: str, tops: Sequence[Row[Any]]) -> Iterable[Row[Any]]:
    ids = [row.id for row in tops]
    return db.session.execute(_rows(post_slug).where(Comment.thread_id.in_(ids))).all() if ids else []


def _nest(tops: Iterable[Row[Any]], replies: Iterable[Row[Any]]) -> list[Shown]:
    """Replies below the comment that began the thread; each says whom it answers."""
    shown = {row.id: _shown(row) for row in tops}
    begun = list(shown.values())
    below: dict[int, list[Shown]] = defaultdict(list)
    for row in replies:
        reply = shown[row.id] = _shown(row)
        above = shown.get(row.parent_id)
        if row.parent_id != row.thread_id and above and above.name:  # a stub has no name to be called by
            reply.answers_to = (above.name, above.id)
        below[row.thread_id].append(reply)
    for top in begun:
        top.replies = below[top.id]
    return begun


def _shown(row: Row[Any]) -> Shown:
    is_removed = row.state != State.PUBLISHED
    return Shown(
        id=row.id,
        name="" if is_removed else _name(row),
        badge=_badge(row),
        html=Markup() if is_removed else Markup(row.html),  # noqa: S704 -- stored as kit.markup rendered it
        written_at=row.written_at,
        is_removed=is_removed,
        reason=row.removed_because,
    )


def _name(row: Row[Any]) -> str:
    name: str = row.name
    return blacking.kept_blacked_out(name) if row.is_redacted else name


def _badge(row: Row[Any]) -> Badge | None:
    if row.organisation_slug is None or row.state != State.PUBLISHED:
        return None
    kind = "editor" if row.organisation_slug == TEAM else "guest"
    return Badge(kind, row.organisation, row.organisation_slug)
