"""Insert or count up, many at once, on either database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Base, db, table_of


def insert_into(table: type[Base]) -> Any:  # Any: the two dialects' inserts have no type in common
    """An INSERT that knows ON CONFLICT."""
    return _insert_into(table, db.session.get_bind().dialect.name)


@cache
def _insert_into(table: type[Base], dialect: str) -> Any:  # Any: as above
    """Made once: naming the row that it would have inserted (`excluded`) costs more than counting one up."""
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table_of(table))


def upsert(more: Any, rows: Sequence[Mapping[str, Any]], returning: Sequence[Any]) -> dict[str, int]:  # Any: as above
    """Insert or count up the rows, in their order; how often each is counted then, by its key."""
    if not rows:
        return {}
    counted: dict[str, int] = dict(db.session.execute(more.returning(*returning), list(rows)).all())
    return counted


def earlier(keys: Iterable[str], counted: Mapping[str, int]) -> list[int]:
    """Of keys that were counted together, each by one: how often each had come before its own turn."""
    keys = list(keys)
    before = {key: counted[key] - count for key, count in Counter(keys).items()}
    turns = []
    for key in keys:
        turns.append(before[key])
        before[key] += 1
    return turns
