"""The comments under a post as readers see them: joined from fragments, in three questions however many there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from math import ceil
from typing import Any, NamedTuple, Self

from markupsafe import Markup
from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from app.cache.noting import reading_only
from app.comments import rendering
from app.comments.models.comment import Comment
from app.comments.models.size import Measure, ThreadSize
from app.comments.models.state import THREAD, State, is_seen
from app.comments.rendering import Badge, Surroundings
from app.extensions import Model, db
from app.people.models.organisation import TEAM
from app.web import blacking
from app.web.language import language
from app.web.parts import kept

PER_PAGE = 50
MOST_ON_ONE = 1_000  # comments that may all stand on one page


class Window(NamedTuple):
    """Which threads a page shows: `size` of them after `offset` others, counted from the end if that is nearer."""

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
    html: str | None


@dataclass(slots=True)
class Shown:
    """One comment on a page, or the stub that a removed one leaves."""

    id: int
    html: Markup
    replies: list["Shown"] = field(default_factory=list)


@dataclass(frozen=True)
class Thread:
    """One page of a post's comments, or all of them."""

    post_slug: str
    size: Measure
    page: int
    is_whole: bool
    takes_answers: bool

    @classmethod
    def of(cls, post_slug: str, page: int = 1, *, takes_answers: bool = True) -> Self:
        """The page; an empty one beyond the last."""
        thread = cls(post_slug, _size(post_slug), page, False, takes_answers)
        if thread.is_beyond:  # what is kept may be a moment old, and who has just written is led to a page that is new
            return replace(thread, size=ThreadSize.of(post_slug))
        return thread

    @classmethod
    def whole(cls, post_slug: str, *, takes_answers: bool = True) -> Self:
        """All comments on one page; the first page where they are too many for that."""
        size = _size(post_slug)
        return cls(post_slug, size, 1, size.shown <= MOST_ON_ONE, takes_answers)

    @cached_property
    def comments(self) -> list[Shown]:
        """Top-level ones in the order in which they were written; asked for when a page shows them."""
        with reading_only(THREAD, (self.post_slug,)):
            found = [Found._make(row) for row in self._rows()]
            return _joined(found, Surroundings(takes_answers=self.takes_answers))

    def _rows(self) -> Sequence[Row[Any]]:  # Any: a row of columns
        if self.is_whole:
            return db.session.execute(_all(), _asked(self.post_slug)).all()
        return _page(self.post_slug, _window(self.page, self.size.tops))

    @property
    def pages(self) -> int:
        return max(1, ceil(self.size.tops / PER_PAGE))

    @property
    def is_beyond(self) -> bool:
        return not 0 < self.page <= self.pages

    @property
    def fits_on_one(self) -> bool:
        """Whether there is a page with all comments: they are more than a page, and not too many for that."""
        return self.pages > 1 and self.size.shown <= MOST_ON_ONE


def page_of(comment: Comment) -> int:
    """The page on which a comment stands; counted from the end, where new ones are."""
    asked = {"slug": comment.post_slug, "top": comment.thread_id or comment.id}
    later: int = db.session.execute(_later(), asked).scalar_one()
    return max(0, ThreadSize.of(comment.post_slug).tops - later - 1) // PER_PAGE + 1


def _window(page: int, tops: int) -> Window:
    offset = (page - 1) * PER_PAGE
    size = min(PER_PAGE, tops - offset)
    if offset < 0 or size <= 0:
        return Window(0, 0)
    left = tops - offset - size
    return Window(left, size, is_from_end=True) if left < offset else Window(offset, size)


def _size(post_slug: str) -> Measure:
    return kept("thread size", post_slug, make=lambda: ThreadSize.of(post_slug))


def _page(post_slug: str, window: Window) -> Sequence[Row[Any]]:  # Any: a row of columns
    """Asked for even where there are none: who has read nothing would not be shown the first one."""
    asked = _asked(post_slug)
    limits = {"limit": window.size, "offset": window.offset}
    tops = db.session.execute(_tops(is_from_end=window.is_from_end), asked | limits).all()
    if window.is_from_end:
        tops = tops[::-1]
    above = [row.id for row in tops]
    replies = db.session.execute(_replies(), asked | {"above": above}).all() if above else ()
    return [*tops, *replies]


def _asked(post_slug: str) -> dict[str, Any]:  # Any: values of parameters
    code = language()
    return {"slug": post_slug, "lang": code, "made_of": rendering.made_of(code)}


def _joined(rows: Sequence[Found], around: Surroundings) -> list[Shown]:
    """Replies below the comment that began the thread; each says whom it answers."""
    by_id, anew = {row.id: row for row in rows}, _rendered_anew(rows)
    shown: dict[int, Shown] = {}
    tops = []
    for row in rows:
        html = row.html if row.html is not None else anew[row.id]
        one = shown[row.id] = Shown(row.id, around.complete(html, _badge(row), _answered(row, by_id)))
        if row.thread_id is None:
            tops.append(one)
        elif row.thread_id in shown:
            shown[row.thread_id].replies.append(one)
    return tops


def _rendered_anew(rows: Iterable[Found]) -> dict[int, str]:
    """Comments whose fragment is not there, or not made of today's templates; a job keeps them, no page does."""
    missing = [row.id for row in rows if row.html is None]
    if not missing:
        return {}
    found = db.session.scalars(select(Comment).where(Comment.id.in_(missing)))
    return {comment.id: rendering.kept(comment.said, language()) for comment in found}


def _answered(row: Found, by_id: dict[int, Found]) -> tuple[int, str] | None:
    """Whom it answers, where that is not the one who began the thread; a stub has no name to be called by."""
    above = by_id.get(row.parent_id) if row.parent_id and row.parent_id != row.thread_id else None
    if above is None or above.state != State.PUBLISHED:
        return None
    return above.id, blacking.kept_blacked_out(above.name) if above.is_redacted else above.name


def _badge(row: Found) -> Badge | None:
    if row.organisation is None or row.organisation_slug is None:
        return None
    kind = "editor" if row.organisation_slug == TEAM else "guest"
    return Badge(kind, row.organisation, row.organisation_slug)


# The statements, each made once: making one takes longer than asking it.


def _rows() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
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
            fragment.c.html,
        )
        .outerjoin(fragment, (fragment.c.comment_id == comment.c.id) & is_current)
        .outerjoin(member, comment.c.member_id == member.c.id)
        .outerjoin(organisation, member.c.organisation_id == organisation.c.id)
        .where(_of_post())
    )


def _of_post() -> ColumnElement[bool]:
    comment = Model.metadata.tables["comment"]
    return (comment.c.post_slug == bindparam("slug")) & is_seen(comment)


@cache
def _tops(*, is_from_end: bool) -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment = Model.metadata.tables["comment"]
    order = comment.c.id.desc() if is_from_end else comment.c.id
    found = _rows().where(comment.c.thread_id.is_(None)).order_by(order)
    return found.limit(bindparam("limit")).offset(bindparam("offset"))


@cache
def _replies() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment = Model.metadata.tables["comment"]
    return _rows().where(comment.c.thread_id.in_(bindparam("above", expanding=True))).order_by(comment.c.id)


@cache
def _all() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    return _rows().order_by(Model.metadata.tables["comment"].c.id)


@cache
def _later() -> Select[int]:
    comment = Model.metadata.tables["comment"]
    is_top = comment.c.thread_id.is_(None)
    return select(func.count()).select_from(comment).where(_of_post(), is_top, comment.c.id > bindparam("top"))
