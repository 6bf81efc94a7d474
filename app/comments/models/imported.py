"""Comments that were brought in from elsewhere: stored many at once, and known for good by the hashes of their keys.

They are no work of this site's judges and moderators, so nothing that counts those counts them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import ColumnElement, FromClause, String, exists, func, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.cache.noting import writing_only
from app.comments.models import lessons
from app.comments.models.fragment import Fragment
from app.comments.models.size import ThreadSize
from app.comments.models.state import THREAD, State
from app.comments.rendering import Said
from app.extensions import Model, UtcDateTime, db, table_of
from app.kit import clock
from app.web import blacking

NUMBERS = text("SELECT nextval(pg_get_serial_sequence('comment', 'id')) FROM generate_series(1, :count)")
Columns = Mapping[str, Any]  # Any: columns' values


class Imported(Model):
    """That a comment was brought in, whatever has become of it since: it does not come, or teach, a second time."""

    __tablename__ = "comment_imported"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Above(NamedTuple):
    """A comment that others answer."""

    id: int
    thread_id: int | None
    post_slug: str
    published_at: datetime | None
    is_stub: bool = False  # that an import made: of it the words may still come


def is_imported() -> ColumnElement[bool]:
    """Of a row of `comment`: it was written elsewhere."""
    return exists().where(Imported.key_hash == Model.metadata.tables["comment"].c.key_hash)


def came_at() -> ColumnElement[datetime]:
    """Of a row of `comment`: since when this site has it."""
    comment = Model.metadata.tables["comment"]
    brought = select(Imported.imported_at).where(Imported.key_hash == comment.c.key_hash).scalar_subquery()
    return func.coalesce(brought, comment.c.written_at)


def known(key_hashes: Collection[str]) -> set[str]:
    """Those of them that are here, or were brought in before."""
    key = Model.metadata.tables["comment"].c.key_hash
    return among(key_hashes) | set(db.session.scalars(select(key).where(key.in_(key_hashes))))


def among(key_hashes: Collection[str]) -> set[str]:
    """Those of them that were brought in."""
    return set(db.session.scalars(select(Imported.key_hash).where(Imported.key_hash.in_(key_hashes))))


def above(key_hashes: Collection[str]) -> dict[str, Above]:
    """Comments that are here, by the hashes of their keys."""
    comment = Model.metadata.tables["comment"]
    columns = (comment.c.id, comment.c.thread_id, comment.c.post_slug, comment.c.published_at, _is_stub(comment))
    asked = select(comment.c.key_hash, *columns).where(comment.c.key_hash.in_(key_hashes))
    return {row[0]: Above(*row[1:]) for row in db.session.execute(asked)}


def shown(key_hashes: Collection[str]) -> dict[str, int]:
    """The numbers of those of them that readers see."""
    comment = Model.metadata.tables["comment"]
    is_shown = comment.c.key_hash.in_(key_hashes) & (comment.c.state == State.PUBLISHED)
    found = db.session.execute(select(comment.c.key_hash, comment.c.id).where(is_shown)) if key_hashes else ()
    return {row.key_hash: row.id for row in found}


def _is_stub(comment: FromClause) -> ColumnElement[bool]:
    """It has never had words here: nobody removed, withdrew or erased it."""
    is_empty = (comment.c.text == "") & (comment.c.removed_key == "") & (comment.c.removed_because == "")
    return (comment.c.state == State.REMOVED) & is_empty & comment.c.taken_back.is_(None)


def take_numbers(count: int) -> list[int]:
    """As many numbers as comments are to be stored, each above all there are, in the caller's transaction."""
    if db.session.get_bind().dialect.name == "postgresql":
        return sorted(db.session.scalars(NUMBERS, {"count": count}))
    last = db.session.scalar(select(func.max(Model.metadata.tables["comment"].c.id))) or 0
    return list(range(last + 1, last + count + 1))


def store(rows: Sequence[Columns]) -> None:
    """Store comments with the numbers that they were given, and all that pages say of them; teach what they teach.

    Called with their threads taken.
    """
    comment, now = Model.metadata.tables["comment"], clock.now()
    plain = [{**row, "lesson": None if row["text"] else row["lesson"]} for row in rows]  # `teach_all` notes the others
    with _followed([row for row in rows if _is_seen(row)]) as keep:
        db.session.execute(insert(comment), plain)
        keep()
    marks = [{"key_hash": row["key_hash"], "imported_at": now} for row in rows]
    db.session.execute(insert(table_of(Imported)), marks)
    for lesson in lessons.LESSONS:
        lessons.teach_all([row["id"] for row in rows if row["lesson"] == lesson], lesson)


@contextmanager
def _followed(seen: Sequence[Columns]) -> Iterator[Any]:  # Any: what keeps the fragments
    """What pages say of those that readers see is kept with them, and the measures of their threads grow."""
    by_post = defaultdict[str, list[Columns]](list)
    for row in seen:
        by_post[row["post_slug"]].append(row)
    with writing_only(THREAD, dict.fromkeys(by_post, True)), ExitStack() as threads:
        followed = [
            (threads.enter_context(ThreadSize.follows(slug, _above(ones))), ones)
            for slug, ones in sorted(by_post.items())
        ]

        def keep() -> None:
            for ids, ones in followed:
                ids |= {row["id"] for row in ones}
            Fragment.keep([_said(row) for row in seen])

        yield keep


def _above(rows: Sequence[Columns]) -> set[int]:
    return {row[column] for row in rows for column in ("parent_id", "thread_id") if row[column]}


def _is_seen(row: Columns) -> bool:
    return row["published_at"] is not None and row["state"] is not State.WAITING


def _said(row: Columns) -> Said:
    """What its page says of it; of a stub neither name nor text."""
    is_shown = row["state"] is State.PUBLISHED
    name, html = (row["name"], row["html"]) if is_shown else ("", "")
    if is_shown and row["is_redacted"]:
        name = blacking.kept_blacked_out(name)
    safe = Markup(html)  # noqa: S704 -- as kit.markup rendered it
    said = Said(row["id"], row["post_slug"], name, safe, row["written_at"], not is_shown, row["removed_because"])
    if not is_shown:
        return said._replace(taken_back=row["taken_back"], reason_key=row["removed_key"])
    return said._replace(edited_at=row["edited_at"], lang=row["lang"])
