"""How much is said under each post: one row a post, changed in the transaction that lets readers see more or less."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, String, Update, bindparam, case, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.cache.noting import reading_only, writing_only
from app.comments.models.state import THREAD, State, is_seen
from app.extensions import Model, db, table_of
from app.people.models.organisation import TEAM
from app.spam.models.upsert import insert_into


class Measure(NamedTuple):
    """Comments that readers see, those by companies and by the team among them, and threads begun, stubs included."""

    shown: int = 0
    answers: int = 0
    tops: int = 0
    editors: int = 0


class ThreadSize(Model):
    """The measure of all comments of a post; always what the rows say, as `flask audit` recounts."""

    __tablename__ = "thread_size"

    post_slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    shown: Mapped[int]
    answers: Mapped[int]
    tops: Mapped[int]
    editors: Mapped[int] = mapped_column(server_default="0")

    @classmethod
    def of(cls, post_slug: str) -> Measure:
        return cls.of_many((post_slug,)).get(post_slug, Measure())

    @classmethod
    def of_many(cls, post_slugs: Collection[str]) -> dict[str, Measure]:
        """The measures of those of the posts that have comments."""
        with reading_only(THREAD, post_slugs):
            found = db.session.execute(_kept(), {"slugs": list(post_slugs)})
        return {row.post_slug: Measure(row.shown, row.answers, row.tops, row.editors) for row in found}

    @classmethod
    @contextmanager
    def follows(cls, post_slug: str, ids: Collection[int]) -> Iterator[set[int]]:
        """Whatever readers see more or less of these comments afterwards is added to the measure of their post.

        So are those that are stored meanwhile and added to the set it hands out. Takes the post's row first: two that
        change one thread do so one after the other.
        """
        followed = set(ids)
        db.session.execute(_take(insert_into(cls)), {"post_slug": post_slug, **dict.fromkeys(Measure._fields, 0)})
        before = _of_some(followed)
        yield followed
        db.session.flush()
        change = {name: now - was for name, now, was in zip(Measure._fields, _of_some(followed), before, strict=True)}
        if any(change.values()):
            db.session.execute(_grow(), {"slug": post_slug, **{f"more_{name}": more for name, more in change.items()}})

    @classmethod
    def take(cls, post_slugs: Collection[str]) -> None:
        """Have the threads of these posts to oneself until the transaction ends; taken before any of their comments."""
        with writing_only(THREAD, {}):  # nothing that readers see has changed so far
            for slug in sorted(set(post_slugs)):
                row = {"post_slug": slug, **dict.fromkeys(Measure._fields, 0)}
                db.session.execute(_take(insert_into(cls)), row)

    @classmethod
    def recount(cls) -> None:
        """Make all rows what the comments say; for whoever stores many at once."""
        db.session.execute(delete(cls))
        rows = [{"post_slug": slug, **measure._asdict()} for slug, measure in recounted().items()]
        if rows:
            db.session.execute(insert(cls), rows)


def recounted() -> dict[str, Measure]:
    """The measures as the comments themselves make them; a post without any has none."""
    found = {row.post_slug: Measure(*map(int, row[1:])) for row in db.session.execute(_measured())}
    return {slug: measure for slug, measure in found.items() if any(measure)}


def faults() -> Iterator[str]:
    """Each post whose row says something else than its comments."""
    kept = {row.post_slug: Measure(*row[1:]) for row in db.session.execute(select(ThreadSize.__table__))}
    made = recounted()
    for slug in sorted(kept.keys() | made.keys()):
        says, is_so = kept.get(slug, Measure()), made.get(slug, Measure())
        if says != is_so:
            yield f"the thread of {slug} says {tuple(says)}, its comments are {tuple(is_so)}"


@cache
def _take(into: Any) -> Any:  # Any: the two dialects' inserts have no type in common
    """Make the row, or lock the one there is by changing nothing of it."""
    return into.on_conflict_do_update(index_elements=["post_slug"], set_={"shown": table_of(ThreadSize).c.shown})


@cache
def _grow() -> Update:
    table = table_of(ThreadSize)
    more = {name: table.c[name] + bindparam(f"more_{name}") for name in Measure._fields}
    return update(table).where(table.c.post_slug == bindparam("slug")).values(more)


def _of_some(ids: Collection[int]) -> Measure:
    if not ids:
        return Measure()
    found = db.session.execute(_measured_of(), {"ids": list(ids)}).first()
    return Measure(*map(int, found[1:])) if found else Measure()


def _measured() -> Select[*tuple[Any, ...]]:  # Any: a slug and four sums
    tables = Model.metadata.tables
    comment, member, organisation = tables["comment"], tables["member"], tables["organisation"]
    is_public = comment.c.state == State.PUBLISHED
    return (
        select(
            comment.c.post_slug,
            func.sum(case((is_public, 1), else_=0)),
            func.sum(case((is_public & (organisation.c.slug != TEAM), 1), else_=0)),
            func.sum(case((comment.c.thread_id.is_(None), 1), else_=0)),
            func.sum(case((is_public & (organisation.c.slug == TEAM), 1), else_=0)),
        )
        .select_from(comment)
        .outerjoin(member, comment.c.member_id == member.c.id)
        .outerjoin(organisation, member.c.organisation_id == organisation.c.id)
        .where(is_seen(comment))
        .group_by(comment.c.post_slug)
    )


@cache
def _measured_of() -> Select[*tuple[Any, ...]]:  # Any: the same
    comment = Model.metadata.tables["comment"]
    return _measured().where(comment.c.id.in_(bindparam("ids", expanding=True)))


@cache
def _kept() -> Select[*tuple[Any, ...]]:  # Any: a row of columns
    table = Model.metadata.tables["thread_size"]
    return select(table).where(table.c.post_slug.in_(bindparam("slugs", expanding=True)))
