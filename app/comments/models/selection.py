"""Which comments a bulk is about, counted before anybody decides: how many, and what is among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Boolean, ColumnElement, String, and_, case, cast, func, literal, literal_column, select
from sqlalchemy.orm import aliased

from app.comments.models.advice import PERSONAL
from app.comments.models.comment import Comment
from app.comments.models.counted import MOST
from app.comments.models.state import IS_OPEN_SPAM, State
from app.extensions import db

STAFF = "imitates-staff"  # the rule about names
MOST_PUBLISHED = 200  # at once: each is drawn for its page, and each should have been read
GROUPS, SAMPLES, FEW = 5, 5, 25

POSSIBLE = {
    State.WAITING: (State.SPAM, State.REMOVED, State.PUBLISHED),
    State.SPAM: (State.SPAM, State.WAITING, State.PUBLISHED),
}
"""Where the comments of a lane may go together."""


class Outline(NamedTuple):
    """What is among the comments counted."""

    names: int
    clusters: int
    alone: int  # in no cluster
    posts: int
    personal: int  # something in them tells who somebody is
    seen: int  # readers have seen them
    answered: int  # published answers hang on them
    decided: int  # a person decided on them before


class Group(NamedTuple):
    """Comments that say nearly the same."""

    cluster: str
    size: int
    first: Comment


@dataclass(frozen=True)
class Selection:
    """Comments of one lane that are to go somewhere together: all of it, one cluster, or those that were ticked."""

    state: State
    to: State
    cluster: str = ""
    ids: Sequence[int] = ()
    known: Mapping[int, int] | None = None  # as it was counted before

    @property
    def most(self) -> int:
        return MOST_PUBLISHED if self.to is State.PUBLISHED else MOST

    @cached_property
    def counted(self) -> dict[int, int]:
        """The first of them up to `most`, each with how often it had been edited."""
        if self.known is not None:
            return dict(self.known)
        found = select(Comment.id, Comment.edits).where(self._is_meant).order_by(Comment.id).limit(self.most)
        return {row.id: row.edits for row in db.session.execute(found)}

    @cached_property
    def total(self) -> int:
        if len(self.counted) < self.most:
            return len(self.counted)
        return db.session.scalar(select(func.count()).select_from(Comment).where(self._is_meant)) or 0

    def outline(self) -> Outline:
        """What is among them, in one question."""
        child = aliased(Comment)
        is_answered = select(child.id).where(child.parent_id == Comment.id, child.state == State.PUBLISHED).exists()
        has_personal = cast(Comment.reasons, String).contains(f'"{PERSONAL}"')
        found = select(
            func.count(Comment.name.distinct()),
            func.count(Comment.cluster.distinct()),
            _sum(Comment.cluster.is_(None)),
            func.count(Comment.post_slug.distinct()),
            _sum(has_personal),
            _sum(Comment.published_at.is_not(None)),
            _sum(is_answered),
            _sum(Comment.is_decided.is_(True)),
        ).where(self._is_counted)
        return Outline(*(int(one or 0) for one in db.session.execute(found).one()))

    @cached_property
    def held_back(self) -> int:
        """How many of them are left out where readers would see them; asked of each, as judges ask it of no spam."""
        is_asked = self.to is State.PUBLISHED
        return sum(is_held_back(one) for one in _these(list(self.counted))) if is_asked else 0

    def groups(self) -> list[Group]:
        """The largest clusters."""
        size = func.count()
        found = select(Comment.cluster, size.label("size"), func.min(Comment.id).label("first"))
        found = found.where(self._is_counted, Comment.cluster.is_not(None)).group_by(Comment.cluster)
        rows = db.session.execute(found.order_by(size.desc(), Comment.cluster).limit(GROUPS)).all()
        firsts = {one.id: one for one in _these([row.first for row in rows])}
        return [Group(row.cluster, row.size, firsts[row.first]) for row in rows]

    def samples(self) -> list[Comment]:
        """Some of them, from the first to the last in equal steps; where they are few, all."""
        ids = list(self.counted)
        if len(ids) > FEW:
            ids = [ids[round(number * (len(ids) - 1) / (SAMPLES - 1))] for number in range(SAMPLES)]
        return _these(ids)

    @property
    def _is_counted(self) -> ColumnElement[bool]:
        """Of what is meant, up to the last one that was counted."""
        return and_(self._is_meant, Comment.id <= max(self.counted, default=0))

    @property
    def _is_meant(self) -> ColumnElement[bool]:
        found = [Comment.state == self.state, Comment.taken_back.is_(None)]
        if self.state is State.SPAM and (self.to is State.SPAM or not self.ids):
            found.append(literal_column(IS_OPEN_SPAM, Boolean))  # words that an index knows
        if self.cluster:
            found.append(Comment.cluster == self.cluster)
        if self.ids:
            found.append(Comment.id.in_(self.ids))
        return and_(*found)


def is_held_back(one: Comment) -> bool:
    """Whether a person has to look at it before readers do: it tells who somebody is, or its name seems verified."""
    return STAFF in one.reasons or (not one.is_redacted and one.tells_who)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=literal(0)))


def _these(ids: Sequence[int]) -> list[Comment]:
    return list(db.session.scalars(select(Comment).where(Comment.id.in_(ids)).order_by(Comment.id)))
