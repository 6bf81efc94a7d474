"""The comments under a post that a reader asked for: official answers, open questions, the newest, the most helpful."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property
from math import ceil
from typing import Any, Self

from markupsafe import Markup
from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from app.cache.noting import reading_only
from app.comments.models import found as rows_of
from app.comments.models.enquiry import UNANSWERED
from app.comments.models.found import (
    PER_PAGE,
    Drawing,
    Found,
    by_company,
    in_order,
    in_order_of_publication,
    is_published,
    of_post,
    window,
)
from app.comments.models.size import Measure, ThreadSize
from app.comments.models.state import THREAD, State
from app.comments.models.thread import size_of
from app.comments.rendering import Answered
from app.extensions import Model, db
from app.web.parts import kept


class Filter(StrEnum):
    """What of a post's comments is shown."""

    OFFICIAL = "official"
    QUESTIONS = "questions"
    NEWEST = "newest"
    HELPFUL = "helpful"


@dataclass(slots=True)
class Item:
    """One entry: a comment, or what was said with the official answers to it."""

    post_slug: str
    id: int
    above: Markup | None = None
    comments: list[Markup] = field(default_factory=list)
    marks: int = 0  # of readers who found it helpful, where that is what is listed

    @property
    def permalink(self) -> str:
        return rows_of.permalink(self.post_slug, self.id)


@dataclass(frozen=True)
class Listing:
    """One page of the comments under a post that pass a filter."""

    post_slug: str
    filter: Filter
    size: Measure
    page: int
    takes_answers: bool

    is_whole = fits_on_one = False
    first_answer = ""

    @classmethod
    def of(cls, post_slug: str, which: Filter, page: int = 1, *, takes_answers: bool = True) -> Self:
        """The page; an empty one beyond the last."""
        listing = cls(post_slug, which, size_of(post_slug), page, takes_answers)
        return replace(listing, size=ThreadSize.of(post_slug)) if listing.is_beyond else listing

    @cached_property
    def total(self) -> int:
        if self.filter in _COUNTS:
            return kept("listing total", self.post_slug, self.filter, make=self._count)
        return self.size.answers if self.filter is Filter.OFFICIAL else self.size.shown

    def _count(self) -> int:
        with reading_only(THREAD, (self.post_slug,)):
            found: int = db.session.execute(_COUNTS[self.filter](), {"slug": self.post_slug}).scalar_one()
        return found

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / PER_PAGE))

    @property
    def is_beyond(self) -> bool:
        return not 0 < self.page <= self.pages

    @cached_property
    def items(self) -> list[Item]:
        with reading_only(THREAD, (self.post_slug,)):
            if self.filter is Filter.OFFICIAL:
                return self._answers()
            return self._alone()

    def _answers(self) -> list[Item]:
        """In the order in which they were given, each below what it answers."""
        found = rows_of.read(self._rows())
        here = {row.id for row in found}
        parents = [row.parent_id for row in found if row.parent_id and row.parent_id not in here]
        asked = rows_of.parameters(self.post_slug) | {"ids": parents}
        above = rows_of.read(db.session.execute(_by_id(), asked).all()) if parents else []
        drawing = Drawing([*found, *above], takes_answers=self.takes_answers)
        return grouped(found, above, drawing, lambda _row: self.post_slug)

    def _alone(self) -> list[Item]:
        """One by one, each saying whom it answers."""
        rows = self._rows()
        found = rows_of.read(rows)
        drawing, here = Drawing(found, takes_answers=self.takes_answers), {row.id for row in found}
        return [
            Item(
                self.post_slug,
                one.id,
                comments=[drawing.of(one, self._answered(one, row, here))],
                marks=row._mapping.get("marks", 0),  # noqa: SLF001 -- public, so named lest a column be called so
            )
            for one, row in zip(found, rows, strict=True)
        ]

    def _answered(self, one: Found, row: Row[Any], here: set[int]) -> Answered | None:  # Any: a row of columns
        if one.parent_id is None or row.parent_state != State.PUBLISHED:
            return None
        way = f"#c-{one.parent_id}" if one.parent_id in here else rows_of.permalink(self.post_slug, one.parent_id)
        return Answered(way, rows_of.shown_name(row.parent_name, is_redacted=row.parent_is_redacted))

    def _rows(self) -> Sequence[Row[Any]]:  # Any: a row of columns
        shown = window(self.page, self.total)
        limits = {"limit": shown.size, "offset": shown.offset}
        asked = _STATEMENTS[self.filter](is_from_end=shown.is_from_end)
        rows = db.session.execute(asked, rows_of.parameters(self.post_slug) | limits).all()
        return rows[::-1] if shown.is_from_end else rows


def grouped(
    found: Sequence[Found], above: Sequence[Found], drawing: Drawing, post_of: Callable[[Found], str]
) -> list[Item]:
    """Answers below what they answer, which stands there once; what answers another of them has a place of its own."""
    parents, here = {row.id: row for row in above}, {row.id: row for row in found}
    items = dict[int, Item]()
    for row in found:
        parent = parents.get(row.parent_id or 0)
        if parent is None:
            items[row.id] = Item(post_of(row), row.id, comments=[drawing.of(row, _answers(row, here))])
            continue
        if parent.id not in items:
            items[parent.id] = Item(post_of(row), row.id, drawing.of(parent))
        items[parent.id].comments.append(drawing.of(row))
    return list(items.values())


def _answers(row: Found, here: dict[int, Found]) -> Answered | None:
    above = here.get(row.parent_id or 0)
    return Answered(f"#c-{above.id}", above.called) if above and above.called else None


# The statements, each made once: making one takes longer than asking it.


@cache
def _official(*, is_from_end: bool) -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment = Model.metadata.tables["comment"]
    return _limited(rows_of.rows().where(is_published(), by_company()), in_order(comment), is_from_end=is_from_end)


@cache
def _newest(*, is_from_end: bool) -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment = Model.metadata.tables["comment"]
    of_post = _alone().where(comment.c.post_slug == bindparam("slug"), in_order_of_publication())
    return _limited(of_post, (comment.c.published_at, comment.c.id), is_from_end=not is_from_end)


@cache
def _questions(*, is_from_end: bool) -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    """Those that are not answered, the longest waiting first."""
    comment, enquiry = Model.metadata.tables["comment"], Model.metadata.tables["comment_enquiry"]
    below = comment.alias("asked")
    found = select(enquiry.c.comment_id).join(below, below.c.id == enquiry.c.comment_id)
    open_ones = found.where(_is_open(), below.c.state == State.PUBLISHED)
    ids = _limited(open_ones, (enquiry.c.comment_id,), is_from_end=is_from_end)  # before anything wide is read
    order = comment.c.id.desc() if is_from_end else comment.c.id
    return _alone().where(comment.c.id.in_(ids)).order_by(order)


@cache
def _helpful(*, is_from_end: bool) -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment, helpful = Model.metadata.tables["comment"], Model.metadata.tables["comment_helpful"]
    marked = _alone().add_columns(helpful.c.marks).join(helpful, helpful.c.comment_id == comment.c.id)
    found = marked.where(_is_helpful(), is_published())
    return _limited(found, (helpful.c.marks, helpful.c.comment_id), is_from_end=not is_from_end)


@cache
def _count_questions() -> Select[int]:
    comment, enquiry = Model.metadata.tables["comment"], Model.metadata.tables["comment_enquiry"]
    asked = select(func.count()).select_from(enquiry).join(comment, comment.c.id == enquiry.c.comment_id)
    return asked.where(_is_open(), comment.c.state == State.PUBLISHED)


@cache
def _count_helpful() -> Select[int]:
    """Of what readers do not see no marks are kept."""
    return select(func.count()).select_from(Model.metadata.tables["comment_helpful"]).where(_is_helpful())


def _is_open() -> ColumnElement[bool]:
    enquiry = Model.metadata.tables["comment_enquiry"]
    return (enquiry.c.post_slug == bindparam("slug")) & enquiry.c.state.in_(UNANSWERED)


def _is_helpful() -> ColumnElement[bool]:
    helpful = Model.metadata.tables["comment_helpful"]
    return (helpful.c.post_slug == bindparam("slug")) & (helpful.c.marks > 0)


@cache
def _by_id() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment = Model.metadata.tables["comment"]
    return rows_of.rows().where(of_post(), comment.c.id.in_(bindparam("ids", expanding=True)))


def _alone() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    """With what there is to say of the comment that each answers."""
    comment = Model.metadata.tables["comment"]
    parent = comment.alias("parent")
    said = (parent.c.name, parent.c.is_redacted, parent.c.state)
    asked = rows_of.rows(*(column.label(f"parent_{column.name}") for column in said))
    return asked.outerjoin(parent, parent.c.id == comment.c.parent_id)


def _limited(
    asked: Select[*tuple[Any, ...]], order: Iterable[ColumnElement[Any]], *, is_from_end: bool
) -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    ordered = asked.order_by(*(column.desc() if is_from_end else column for column in order))
    return ordered.limit(bindparam("limit")).offset(bindparam("offset"))


_STATEMENTS = {
    Filter.OFFICIAL: _official,
    Filter.QUESTIONS: _questions,
    Filter.NEWEST: _newest,
    Filter.HELPFUL: _helpful,
}
_COUNTS = {Filter.QUESTIONS: _count_questions, Filter.HELPFUL: _count_helpful}
