"""Comments as the database tells them to a page: rows with their fragments, windows of them, and how they are drawn."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import ColumnElement, FromClause, Row, Select, TextClause, bindparam, case, select, text, tuple_

from app.comments import rendering
from app.comments.models.comment import Comment
from app.comments.models.state import IS_PUBLISHED, State, is_seen
from app.comments.rendering import Answered, Badge, Surroundings
from app.extensions import Model, db
from app.people.models.organisation import TEAM
from app.web import blacking
from app.web.addresses import address
from app.web.language import language

PER_PAGE = 50


class Window(NamedTuple):
    """Which of them a page shows: `size` after `offset` others, counted from the end if that is nearer."""

    offset: int
    size: int
    is_from_end: bool = False


class Found(NamedTuple):
    """One comment as the database tells it, in a tuple of our own: a `Row` takes longer to look into than to read."""

    id: int
    thread_id: int | None
    parent_id: int | None
    name: str
    is_redacted: bool
    state: State
    organisation: str | None
    organisation_slug: str | None
    until: datetime | None  # when the badge was taken from whoever said it, or from the organisation
    html: str | None

    @property
    def is_official(self) -> bool:
        """Whether a company says it, and readers see what."""
        return self.organisation_slug not in {None, TEAM} and self.state is State.PUBLISHED

    @property
    def badge(self) -> Badge | None:
        if self.organisation is None or self.organisation_slug is None:
            return None
        if self.organisation_slug == TEAM:
            return Badge("editor", self.organisation, self.organisation_slug)
        return Badge("guest", self.organisation, self.organisation_slug, self.until)

    @property
    def called(self) -> str | None:
        """The name that readers see; a stub has none."""
        return shown_name(self.name, is_redacted=self.is_redacted) if self.state is State.PUBLISHED else None


def shown_name(name: str, *, is_redacted: bool) -> str:
    return blacking.kept_blacked_out(name) if is_redacted else name


def window(page: int, total: int) -> Window:
    """The page's window; an empty one beyond the last."""
    offset = (page - 1) * PER_PAGE
    size = min(PER_PAGE, total - offset)
    if offset < 0 or size <= 0:
        return Window(0, 0)
    left = total - offset - size
    return Window(left, size, is_from_end=True) if left < offset else Window(offset, size)


def permalink(post_slug: str, id_: int) -> str:
    """Where a comment is found for good, on whatever page it stands."""
    return address("comments.permalink", slug=post_slug, id=id_)


def parameters(post_slug: str = "") -> dict[str, Any]:  # Any: values of parameters
    """What every statement that is made of `rows` needs."""
    code = language()
    return {"slug": post_slug, "lang": code, "made_of": rendering.made_of(code)}


def read(rows: Sequence[Row[Any]]) -> list[Found]:  # Any: a row of columns
    """The rows of a statement that is made of `rows`, whatever else it has behind them."""
    width = len(Found._fields)
    return [Found._make(row[:width]) for row in rows]


class Drawing:
    """Comments as HTML: their fragments, completed with what stands around them."""

    def __init__(self, found: Iterable[Found], *, takes_answers: bool) -> None:
        self._around = Surroundings(takes_answers=takes_answers)
        self._anew = _rendered_anew(found)

    def of(self, row: Found, answered: Answered | None = None, next_answer: str = "") -> Markup:
        html = row.html if row.html is not None else self._anew[row.id]
        return self._around.complete(html, row.badge, answered, next_answer)


def _rendered_anew(found: Iterable[Found]) -> dict[int, str]:
    """Comments whose fragment is not there, or not made of today's templates; a job keeps them, no page does."""
    missing = [row.id for row in found if row.html is None]
    if not missing:
        return {}
    comments = db.session.scalars(select(Comment).where(Comment.id.in_(missing)))
    return {comment.id: rendering.kept(comment.said, language()) for comment in comments}


def rows(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:  # Any: columns of whatever kind
    """What is asked about comments; `more` comes behind it. Statements are made once: that takes longer than asking."""
    tables = Model.metadata.tables
    comment, fragment = tables["comment"], tables["comment_fragment"]
    member, organisation = tables["member"], tables["organisation"]
    is_current = (fragment.c.lang == bindparam("lang")) & (fragment.c.made_of == bindparam("made_of"))
    return (
        select(
            comment.c.id,
            comment.c.thread_id,
            comment.c.parent_id,
            comment.c.name,
            comment.c.is_redacted,
            comment.c.state,
            organisation.c.name.label("organisation"),
            organisation.c.slug.label("organisation_slug"),
            _earlier(member.c.revoked_at, organisation.c.lapsed_at).label("until"),
            fragment.c.html,
            *more,
        )
        .outerjoin(fragment, (fragment.c.comment_id == comment.c.id) & is_current)
        .outerjoin(member, comment.c.member_id == member.c.id)
        .outerjoin(organisation, member.c.organisation_id == organisation.c.id)
    )


def _earlier(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """The earlier of two moments, or the one that there is; MIN of SQLite and LEAST of PostgreSQL differ about NULL."""
    return case((one.is_(None) | (other < one), other), else_=one)


def of_post() -> ColumnElement[bool]:
    """Of the post that is asked for, all that readers see."""
    comment = Model.metadata.tables["comment"]
    return (comment.c.post_slug == bindparam("slug")) & is_seen(comment)


def is_published() -> ColumnElement[bool]:
    """Of the post that is asked for, what is published; whatever brings few rows in is looked into first."""
    comment = Model.metadata.tables["comment"]
    return (comment.c.post_slug == bindparam("slug")) & (comment.c.state == State.PUBLISHED)


def in_order_of_publication() -> TextClause:
    """Published, in the words of the index that has them in this order."""
    return text(f"comment.{IS_PUBLISHED}")


def in_order(comment: FromClause) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """By when they were written, and of those of one moment by their numbers: what was brought in has later ones."""
    return comment.c.written_at, comment.c.id


def is_later(comment: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Whether it stands below the other one, as one comparison that an index can answer."""
    return tuple_(*in_order(comment)) > tuple_(*in_order(other))


def by_company() -> ColumnElement[bool]:
    """Said by a verified guest; for statements that are made of `rows`."""
    tables = Model.metadata.tables
    return tables["comment"].c.member_id.is_not(None) & (tables["organisation"].c.slug != TEAM)
