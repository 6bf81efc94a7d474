"""Rows for every table of a database, made from what the database itself says of its columns.

It is asked in its own words, a few questions for the whole schema: there are thirty-six of them, and sixty tables.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from graphlib import TopologicalSorter
from typing import Any

from sqlalchemy import Connection

Rows = dict[str, list[tuple[Any, ...]]]  # Any: columns' values
COLUMNS = {
    "sqlite": """SELECT m.name, m.sql, c.name, c.type, NOT c."notnull" AND NOT c.pk, c.pk
        FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid""",
    "postgresql": r"""SELECT t.relname,
            (SELECT string_agg(pg_get_constraintdef(k.oid), '; ' ORDER BY k.conname) FROM pg_constraint k
                WHERE k.conrelid = t.oid AND k.contype = 'c'),
            c.attname, format_type(c.atttypid, c.atttypmod), NOT c.attnotnull,
            (SELECT array_position(k.conkey, c.attnum) FROM pg_constraint k
                WHERE k.conrelid = t.oid AND k.contype = 'p')
        FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid
        WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND c.attnum > 0 AND NOT c.attisdropped
        ORDER BY t.relname, c.attnum""",
}
REFERENCES = {
    "sqlite": """SELECT m.name, f."from", f."table", f."to" FROM sqlite_master m, pragma_foreign_key_list(m.name) f
        WHERE m.type = 'table'""",
    "postgresql": """SELECT k.conrelid::regclass::text, here.attname, k.confrelid::regclass::text, there.attname
        FROM pg_constraint k
        JOIN pg_attribute here ON here.attrelid = k.conrelid AND here.attnum = k.conkey[1]
        JOIN pg_attribute there ON there.attrelid = k.confrelid AND there.attnum = k.confkey[1]
        WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace""",
}
SINGLE = re.compile(r"\bid\s*=\s*1\b")
ONE_OF = re.compile(r"\(?(\w+)\)?(?:::\w+(?: \w+)?)? (?:IN \(|= ANY \(+(?:ARRAY\[)?)'([^']+)'", re.I)
LENGTH = re.compile(r"\((\d+)\)")


@dataclass(frozen=True)
class Column:
    type: str  # as the database writes it, in capitals
    is_nullable: bool


@dataclass
class Table:
    """What a database says of one of its tables."""

    checks: str
    columns: dict[str, Column] = field(default_factory=dict)
    key: dict[int, str] = field(default_factory=dict)  # columns of the primary key, by place
    references: dict[str, tuple[str, str]] = field(default_factory=dict)  # by column: table and column referred to

    @property
    def is_single(self) -> bool:
        """Whether it holds one row for good, put there by its migration."""
        return bool(SINGLE.search(self.checks))

    @property
    def order(self) -> list[str]:
        return [self.key[place] for place in sorted(self.key)]


Schema = dict[str, Table]


def schema(connection: Connection) -> Schema:
    """The tables that are there, without the one in which Alembic notes the revision."""
    dialect, known = connection.dialect.name, Schema()
    for table, checks, column, kind, is_nullable, place in connection.exec_driver_sql(COLUMNS[dialect]):
        there = known.setdefault(table, Table(checks or ""))
        there.columns[column] = Column(kind.upper(), bool(is_nullable))
        if place:
            there.key[place] = column
    for table, column, *referred in connection.exec_driver_sql(REFERENCES[dialect]):
        known[table].references[column] = (referred[0], referred[1])
    del known["alembic_version"]
    return known


def fill(connection: Connection, known: Schema, number: int) -> None:
    """One more row in each table, with the columns of `known`, which the database may have more of."""
    mark = {"sqlite": "?", "postgresql": "%s"}[connection.dialect.name]
    for name in _referred_first(known):
        if not known[name].is_single:
            row = dict(_row(known[name], name, number))
            places = ", ".join(value if isinstance(value, Asked) else mark for value in row.values())
            values = tuple(value for value in row.values() if not isinstance(value, Asked))
            connection.exec_driver_sql(f"INSERT INTO {name} ({_names(row)}) VALUES ({places})", values)  # noqa: S608 -- names are ours


def rows(connection: Connection, known: Schema) -> Rows:
    """All rows of these tables with these columns, in the order of their keys."""
    return {
        name: [tuple(row) for row in connection.exec_driver_sql(_selection(name, table))]
        for name, table in known.items()
    }


class Asked(str):
    """A value that the database looks up for itself."""

    __slots__ = ()


def _selection(name: str, table: Table) -> str:
    return f"SELECT {_names(table.columns)} FROM {name} ORDER BY {_names(table.order)}"  # noqa: S608 -- names are ours


def _names(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _referred_first(known: Schema) -> Iterable[str]:
    return TopologicalSorter(
        {name: {table for table, _ in one.references.values()} - {name} for name, one in known.items()}
    ).static_order()


def _row(table: Table, name: str, number: int) -> Iterator[tuple[str, Any]]:  # Any: columns' values
    allowed = {found[1]: found[2] for found in ONE_OF.finditer(table.checks)}
    for column, one in table.columns.items():
        if column in table.references:
            referred, theirs = table.references[column]
            newest = Asked(f'(SELECT "{theirs}" FROM {referred} ORDER BY 1 DESC LIMIT 1)')  # noqa: S608 -- names are ours
            yield column, None if referred == name else newest
        else:
            yield column, allowed.get(column) or _of_type(one.type, number)


def _of_type(kind: str, number: int) -> Any:  # Any: whatever the column holds
    moment = datetime(2011, 11, 12, 20, tzinfo=UTC) + timedelta(minutes=number)
    by_kind = (
        ("BOOL", False),
        ("INT", 20 + number),
        ("BIGINT", 20 + number),
        ("SMALLINT", 20 + number),
        ("BLOB", bytes([number]) * 32),
        ("BYTEA", bytes([number]) * 32),
        ("JSON", json.dumps([f"some {number}"])),
        ("TIMESTAMP WITH TIME", moment.isoformat()),
        ("TIMESTAMP", f"{moment:%Y-%m-%d %H:%M:%S.%f}"),
        ("DATETIME", f"{moment:%Y-%m-%d %H:%M:%S.%f}"),
        ("DATE", f"{date(2011, 11, 12) + timedelta(days=number)}"),
    )
    said = LENGTH.search(kind)
    length = int(said[1]) if said else 20
    words = f"„{number}“ äöü"[:length] if length > 3 else f"{number:x}"[:length]  # short ones differ, too
    return next((value for known, value in by_kind if kind.startswith(known)), words)
