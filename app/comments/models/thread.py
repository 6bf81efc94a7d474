"""The comments under a post as readers see them: joined from fragments, in few questions however many there are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import chain, pairwise
from math import ceil
from typing import Any, NamedTuple, Self

from markupsafe import Markup
from sqlalchemy import Row, Select, bindparam, func, select

from app.cache.noting import reading_only
from app.comments.models import found as rows_of
from app.comments.models.comment import Comment
from app.comments.models.found import (
    PER_PAGE,
    Drawing,
    Found,
    Window,
    by_company,
    in_order,
    is_later,
    is_published,
    of_post,
    window,
)
from app.comments.models.size import Measure, ThreadSize
from app.comments.models.state import THREAD
from app.comments.rendering import Answered
from app.extensions import Model, db
from app.web.parts import kept

MOST_ON_ONE = 1_000  # comments that may all stand on one page
FOLDED_OVER = 5  # readers' answers in a thread; where there are more, all but the first ones are folded
FIRST = 3  # of them that are never folded


class Run(NamedTuple):
    """Answers in a thread that are shown, or folded together."""

    comments: list["Shown"]
    is_folded: bool


@dataclass(slots=True)
class Shown:
    """One comment on a page, or the stub that a removed one leaves."""

    id: int
    html: Markup
    is_official: bool = False
    replies: list["Shown"] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        """Whether so much is said that somebody may want to follow it."""
        return len(self.replies) > FOLDED_OVER

    @property
    def runs(self) -> list[Run]:
        """Its answers in their order: of many, those of readers behind a fold, what a company says before everyone."""
        if sum(not reply.is_official for reply in self.replies) <= FOLDED_OVER:
            return [Run(self.replies, is_folded=False)] if self.replies else []
        runs, readers = list[Run](), 0
        for reply in self.replies:
            readers += not reply.is_official
            is_folded = not reply.is_official and readers > FIRST
            if not runs or runs[-1].is_folded != is_folded:
                runs.append(Run([], is_folded))
            runs[-1].comments.append(reply)
        return [run if len(run.comments) > 1 else run._replace(is_folded=False) for run in runs]


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
        thread = cls(post_slug, size_of(post_slug), page, False, takes_answers)
        if thread.is_beyond:  # what is kept may be a moment old, and who has just written is led to a page that is new
            return replace(thread, size=ThreadSize.of(post_slug))
        return thread

    @classmethod
    def whole(cls, post_slug: str, *, takes_answers: bool = True) -> Self:
        """All comments on one page; the first page where they are too many for that."""
        size = size_of(post_slug)
        return cls(post_slug, size, 1, size.shown <= MOST_ON_ONE, takes_answers)

    @cached_property
    def comments(self) -> list[Shown]:
        """Top-level ones in the order in which they were written; asked for when a page shows them."""
        with reading_only(THREAD, (self.post_slug,)):
            return _joined(self._found, Drawing(self._found, takes_answers=self.takes_answers), self._ways)

    @property
    def first_answer(self) -> str:
        """The way to the first official answer from here on; nothing where none comes."""
        return self._ways.get(0, "")

    @cached_property
    def _found(self) -> list[Found]:
        with reading_only(THREAD, (self.post_slug,)):
            return rows_of.read(self._rows())

    @cached_property
    def _ways(self) -> dict[int, str]:
        """From each official answer the way to the next one, as they are read; under 0 the way to the first."""
        here = [0, *(row.id for row in _as_read(self._found) if row.is_official)]
        ways = {one: f"#c-{following}" for one, following in pairwise(here)}
        if self.page < self.pages and not self.is_whole and self.size.answers >= len(here):
            later = self._first_later()
            if later:
                ways[here[-1]] = rows_of.permalink(self.post_slug, later)
        return ways

    def _first_later(self) -> int | None:
        """The first official answer on a later page."""
        last = next((row.id for row in reversed(self._found) if row.thread_id is None), 0)
        with reading_only(THREAD, (self.post_slug,)):
            found: int | None = db.session.execute(_answer_after(), {"slug": self.post_slug, "last": last}).scalar()
        return found

    def _rows(self) -> Sequence[Row[Any]]:  # Any: a row of columns
        if self.is_whole:
            return db.session.execute(_all(), rows_of.parameters(self.post_slug)).all()
        return _page(self.post_slug, window(self.page, self.size.tops))

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


def size_of(post_slug: str) -> Measure:
    """How much is said under a post, as far as that is kept in memory."""
    return kept("thread size", post_slug, make=lambda: ThreadSize.of(post_slug))


def _page(post_slug: str, shown: Window) -> Sequence[Row[Any]]:  # Any: a row of columns
    """Asked for even where there are none: who has read nothing would not be shown the first one."""
    asked = rows_of.parameters(post_slug)
    limits = {"limit": shown.size, "offset": shown.offset}
    tops = db.session.execute(_tops(is_from_end=shown.is_from_end), asked | limits).all()
    if shown.is_from_end:
        tops = tops[::-1]
    above = [row.id for row in tops]
    replies = db.session.execute(_replies(), asked | {"above": above}).all() if above else ()
    return [*tops, *replies]


def _as_read(found: Iterable[Found]) -> Iterator[Found]:
    """The same thread by thread, each below the comment that began it."""
    threads: dict[int, list[Found]] = {}
    for row in found:  # those that began a thread come first
        if row.thread_id is None:
            threads[row.id] = [row]
        elif row.thread_id in threads:
            threads[row.thread_id].append(row)
    return chain.from_iterable(threads.values())


def _joined(found: Sequence[Found], drawing: Drawing, ways: dict[int, str]) -> list[Shown]:
    """Replies below the comment that began the thread; each says whom it answers."""
    by_id = {row.id: row for row in found}
    shown: dict[int, Shown] = {}
    tops = []
    for row in found:
        html = drawing.of(row, _answered(row, by_id), ways.get(row.id, ""))
        one = shown[row.id] = Shown(row.id, html, row.is_official)
        if row.thread_id is None:
            tops.append(one)
        elif row.thread_id in shown:
            shown[row.thread_id].replies.append(one)
    return tops


def _answered(row: Found, by_id: dict[int, Found]) -> Answered | None:
    """Whom it answers. That it is who began the thread, only an official answer has to say: it may stand far below."""
    above = by_id.get(row.parent_id) if row.parent_id else None
    if above is None or above.called is None or (above.id == row.thread_id and not row.is_official):
        return None
    return Answered(f"#c-{above.id}", above.called)


# The statements, each made once: making one takes longer than asking it.


@cache
def _tops(*, is_from_end: bool) -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment = Model.metadata.tables["comment"]
    order = (column.desc() if is_from_end else column for column in in_order(comment))
    tops = rows_of.rows().where(of_post(), comment.c.thread_id.is_(None)).order_by(*order)
    return tops.limit(bindparam("limit")).offset(bindparam("offset"))


@cache
def _replies() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment = Model.metadata.tables["comment"]
    is_below = comment.c.thread_id.in_(bindparam("above", expanding=True))
    return rows_of.rows().where(of_post(), is_below).order_by(*in_order(comment))


@cache
def _all() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    comment = Model.metadata.tables["comment"]
    return rows_of.rows().where(of_post()).order_by(comment.c.thread_id.is_not(None), *in_order(comment))


@cache
def _later() -> Select[int]:
    comment = Model.metadata.tables["comment"]
    top = comment.alias("top")
    is_below = (top.c.id == bindparam("top")) & is_later(comment, top)
    return select(func.count()).select_from(top, comment).where(of_post(), comment.c.thread_id.is_(None), is_below)


@cache
def _answer_after() -> Select[int]:
    tables = Model.metadata.tables
    comment, member, organisation = tables["comment"], tables["member"], tables["organisation"]
    top, last = comment.alias("top"), comment.alias("last")
    is_after = (last.c.id == bindparam("last")) & is_later(top, last)
    return (
        select(comment.c.id)
        .join(member, comment.c.member_id == member.c.id)
        .join(organisation, member.c.organisation_id == organisation.c.id)
        .join(top, top.c.id == func.coalesce(comment.c.thread_id, comment.c.id))
        .join(last, is_after)
        .where(is_published(), by_company())
        .order_by(*in_order(top), comment.c.thread_id.is_not(None), *in_order(comment))
        .limit(1)
    )
