"""What companies answered, under all posts: newest first, below what it answers, searched by words."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import ColumnElement, Row, Select, bindparam, or_

from app.comments.models import found as rows_of
from app.comments.models.enquiry import UNANSWERED
from app.comments.models.found import Drawing, by_company
from app.comments.models.listing import Item, grouped
from app.comments.models.state import State, is_seen
from app.extensions import Model, db

PER_PAGE = 25
MOST_WORDS, LONGEST = 5, 40  # of a search; letters of a word


class Answers(NamedTuple):
    """One page of them."""

    items: list[Item]
    has_more: bool


def answers(post_slugs: Collection[str], words: Sequence[str] = (), page: int = 1) -> Answers:
    """A page of the official answers under these posts; of a search those that have every word, or answer what has it.

    A text that is blacked out or removed is not searched: whether it has a word is what readers are not to know.
    """
    asked = rows_of.parameters() | {"slugs": list(post_slugs), "limit": PER_PAGE + 1, "offset": (page - 1) * PER_PAGE}
    told = db.session.execute(_searched(words) if words else _newest(), asked).all()
    rows = told[:PER_PAGE]
    found, slug_of = rows_of.read(rows), {row.id: row.post_slug for row in rows}
    above = rows_of.read(_above(_answered(rows)))
    drawing = Drawing([*found, *above], takes_answers=False)
    items = grouped(found, above, drawing, lambda row: slug_of[row.id])
    return Answers(items, has_more=len(told) > PER_PAGE)


def unsaid(post_slugs: Collection[str]) -> list[tuple[str, Markup]]:
    """The questions under these posts that companies say they cannot answer, the latest first, and the way to each."""
    asked = rows_of.parameters() | {"slugs": list(post_slugs), "limit": PER_PAGE}
    rows = db.session.execute(_unsaid(), asked).all()
    found = rows_of.read(rows)
    drawing = Drawing(found, takes_answers=False)
    ways = (rows_of.permalink(row.post_slug, row.id) for row in rows)
    return [(way, drawing.of(one)) for way, one in zip(ways, found, strict=True)]


def words_of(asked: str) -> list[str]:
    """The words that are searched for."""
    return [word[:LONGEST] for word in asked.split()[:MOST_WORDS]]


def _answered(rows: Sequence[Row[Any]]) -> list[int]:  # Any: a row of columns
    """What the rows answer, where that is not one of them."""
    here = {row.id for row in rows}
    return [row.parent_id for row in rows if row.parent_id and row.parent_id not in here]


def _above(ids: Sequence[int]) -> Sequence[Row[Any]]:  # Any: a row of columns
    return db.session.execute(_by_id(), rows_of.parameters() | {"ids": ids}).all() if ids else ()


def _searched(words: Sequence[str]) -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    return _newest().where(*(or_(*_spelled(word)) for word in words))


def _spelled(word: str) -> list[ColumnElement[bool]]:
    """The word in the answer, or in what it answers. SQLite knows large and small letters of English only."""
    tables = Model.metadata.tables
    comment, parent = tables["comment"], _parent()
    is_open = (parent.c.state == State.PUBLISHED) & parent.c.is_redacted.is_(False)
    spellings = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
    return [
        condition
        for spelling in spellings
        for condition in (
            comment.c.text.icontains(spelling, autoescape=True) & comment.c.is_redacted.is_(False),
            parent.c.text.icontains(spelling, autoescape=True) & is_open,
        )
    ]


@cache
def _parent() -> Any:  # Any: an alias of a table
    return Model.metadata.tables["comment"].alias("parent")


@cache
def _newest() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment, parent = Model.metadata.tables["comment"], _parent()
    found = rows_of.rows(comment.c.post_slug).outerjoin(parent, parent.c.id == comment.c.parent_id)
    is_here = comment.c.post_slug.in_(bindparam("slugs", expanding=True))
    return (
        found.where(by_company(), comment.c.state == State.PUBLISHED, is_here)
        .order_by(comment.c.id.desc())
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


@cache
def _unsaid() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment, enquiry = Model.metadata.tables["comment"], Model.metadata.tables["comment_enquiry"]
    found = rows_of.rows(comment.c.post_slug).join(enquiry, enquiry.c.comment_id == comment.c.id)
    is_here = enquiry.c.post_slug.in_(bindparam("slugs", expanding=True)) & (comment.c.state == State.PUBLISHED)
    is_unsaid = enquiry.c.unsaid_at.is_not(None) & enquiry.c.state.in_(UNANSWERED)
    return found.where(is_here, is_unsaid).order_by(enquiry.c.unsaid_at.desc(), comment.c.id).limit(bindparam("limit"))


@cache
def _by_id() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment = Model.metadata.tables["comment"]
    return rows_of.rows().where(comment.c.id.in_(bindparam("ids", expanding=True)), is_seen(comment))
