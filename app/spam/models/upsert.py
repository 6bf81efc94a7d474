"""Insert or count up, many at once, on either database.

Statements are built once: what SQLAlchemy works out about one it keeps with it, and building one costs more than
carrying it out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Base, db, table_of

Change = Callable[[Any], Mapping[str, Any]]  # Any: columns and expressions of them
"""What a row that is there becomes, given the columns of the one that would have been inserted."""


def insert_into(table: type[Base]) -> Any:  # Any: the two dialects' inserts have no type in common
    """An INSERT that knows ON CONFLICT."""
    return _insert_into(table, db.session.get_bind().dialect.name)


@cache
def _insert_into(table: type[Base], dialect: str) -> Any:  # Any: as above
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table_of(table))


def count_up(
    table: type[Base],
    key: str,
    change: Change,
    rows: Sequence[Mapping[str, Any]],  # Any: columns' values
) -> dict[str, int]:
    """Insert the rows, in their order, or change those there are; the `count` of each then, by its key."""
    if not rows:
        return {}
    more = _counting_up(table, key, change, db.session.get_bind().dialect.name)
    counted: dict[str, int] = dict(db.session.execute(more, list(rows)).all())
    return counted


@cache
def _counting_up(table: type[Base], key: str, change: Change, dialect: str) -> Any:  # Any: as above
    row, columns = _insert_into(table, dialect), table_of(table).c
    more = row.on_conflict_do_update(index_elements=[key], set_=change(row.excluded))
    return more.returning(columns[key], columns["count"])


def within_window(table: type[Base], row: Any) -> dict[str, Any]:  # Any: columns and expressions of them
    """More of what is counted since `began_at`; where that lies before `over_at`, the first of a new window."""
    there = table_of(table).c
    is_over = there.began_at <= bindparam("over_at")
    return {
        "count": case((is_over, row.count), else_=there["count"] + row.count),
        "began_at": case((is_over, row.began_at), else_=there.began_at),
    }


def earlier(keys: Iterable[str], counted: Mapping[str, int]) -> list[int]:
    """Of keys that were counted together, each by one: how often each had come before its own turn."""
    keys = list(keys)
    before = {key: counted[key] - count for key, count in Counter(keys).items()}
    turns = []
    for key in keys:
        turns.append(before[key])
        before[key] += 1
    return turns
