"""Rows for every table of a database, made from what the database itself says of its columns."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    select,
)

Rows = dict[str, list[dict[str, Any]]]  # Any: columns' values
COLUMNS = {
    "sqlite": """SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
        WHERE m.type = 'table' ORDER BY 1, 2""",
    "postgresql": """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = current_schema() ORDER BY 1, 2""",
}
SINGLE = re.compile(r"\bid\s*=\s*1\b")
ONE_OF = re.compile(r"\(?(\w+)\)?(?:::\w+(?: \w+)?)? (?:IN \(|= ANY \(+(?:ARRAY\[)?)'([^']+)'", re.I)


def schema(connection: Connection) -> MetaData:
    """The tables that are there, without the one in which Alembic notes the revision."""
    known = MetaData()
    known.reflect(connection)
    known.remove(known.tables["alembic_version"])
    return known


def columns(connection: Connection) -> dict[str, list[str]]:
    """The names of all columns, by table, asked for at once: a whole schema takes hundreds of questions."""
    found: dict[str, list[str]] = {}
    for table, column in connection.exec_driver_sql(COLUMNS[connection.dialect.name]):
        found.setdefault(table, []).append(column)
    return found


def fill(connection: Connection, known: MetaData, number: int) -> None:
    """One more row in each table, with the columns of `known`, which the database may have more of."""
    for table in known.sorted_tables:
        if not _is_single(table):
            connection.execute(insert(table), _row(connection, table, number))


def rows(connection: Connection, known: MetaData) -> Rows:
    """All rows of these tables with these columns, in the order of their keys."""
    return {
        table.name: [dict(row) for row in connection.execute(_ordered(table)).mappings()]
        for table in known.sorted_tables
    }


def _ordered(table: Table) -> Any:  # Any: a select of columns known at run time only
    return select(table).order_by(*table.primary_key.columns)


def _is_single(table: Table) -> bool:
    """Whether the table holds one row for good, put there by its migration."""
    return any(SINGLE.search(text) for text in _checks(table))


def _row(connection: Connection, table: Table, number: int) -> dict[str, Any]:  # Any: columns' values
    allowed = dict(_one_of(table))
    return {column.name: _value(connection, column, allowed, number) for column in table.columns}


def _value(connection: Connection, column: Column[Any], allowed: dict[str, str], number: int) -> Any:
    if column.foreign_keys:
        (key,) = column.foreign_keys
        if key.column.table is column.table:
            return None
        return connection.scalar(select(key.column).order_by(key.column.desc()).limit(1))
    if column.name in allowed:
        return allowed[column.name]
    return _of_type(column, number)


def _of_type(column: Column[Any], number: int) -> Any:  # Any: whatever the column holds
    kind = column.type
    zone = UTC if getattr(kind, "timezone", False) else None
    by_kind = (
        (Boolean, False),
        (Integer, 20 + number),
        (LargeBinary, bytes([number]) * 32),
        (JSON, [f"some {number}"]),
        (DateTime, datetime(2011, 11, 12, 20, tzinfo=zone) + timedelta(minutes=number)),
        (Date, date(2011, 11, 12) + timedelta(days=number)),
    )
    length = getattr(kind, "length", None) or 20
    words = f"„{number}“ äöü"[:length] if length > 3 else f"{number:x}"[:length]  # short ones differ, too
    return next((value for known, value in by_kind if isinstance(kind, known)), words)


def _checks(table: Table) -> list[str]:
    return [str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)]


def _one_of(table: Table) -> Iterator[tuple[str, str]]:
    """Columns that take only some words, each with the first of them."""
    for text in _checks(table):
        if found := ONE_OF.search(text):
            yield found[1], found[2]
