"""What a database says, without being one: a member for each thousand rows of a table, a line of JSON for each row.

Tables are read from the database itself, not from the models, so that an older release's database can be saved before
it is upgraded, and a backup made on SQLite can be restored on PostgreSQL. Times are UTC, bytes are base 64.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    insert,
    literal,
    select,
)

from app.site.backup.archive import MOST_AT_ONCE, Damaged

ROWS = 1_000  # in a member
MOST_BYTES = 1 << 27  # of a member, unpacked
VERSION = "alembic_version"

Code = Callable[[Any], Any]
"""From a column's value to JSON, or back."""


def tables(connection: Connection) -> list[Table]:
    """The tables that are there, each after those that it refers to."""
    known = MetaData()
    known.reflect(connection)
    return [table for table in known.sorted_tables if table.name != VERSION]


def member(table: str, number: int) -> str:
    """What the member is called that holds a table's thousand rows of that number."""
    return f"rows/{table}/{number:06}.jsonl.gz"


def count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def dump(connection: Connection, table: Table) -> Iterator[tuple[int, bytes]]:
    """The rows in the order of their keys, a thousand at a time: how many, and their lines, packed with gzip."""
    ordered = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=ROWS)
    codes = [(column.name, _writer(column.type)) for column in table.columns]
    for rows in connection.execute(ordered).partitions():
        lines = (_line({name: code(value) for (name, code), value in zip(codes, row, strict=True)}) for row in rows)
        yield len(rows), _packed("".join(lines).encode())


def load(connection: Connection, table: Table, packed: bytes) -> int:
    """Insert the rows of one member; how many. Raises `Damaged` when they are none of this table."""
    codes = {column.name: _reader(column.type, connection.dialect.name) for column in table.columns}
    try:
        said = [json.loads(line) for line in _unpacked(packed).decode().splitlines()]
        if any(row.keys() != codes.keys() for row in said):
            raise Damaged(f"the rows of {table.name} have other columns than the table")
        rows = [{name: code(row[name]) for name, code in codes.items()} for row in said]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged(f"the rows of {table.name} cannot be read") from error
    if rows:
        connection.execute(insert(table), rows)
    return len(rows)


def clear(connection: Connection, ordered: list[Table]) -> None:
    """Take out what the migrations have put into fresh tables."""
    for table in reversed(ordered):
        connection.execute(delete(table))


def count_on(connection: Connection, ordered: list[Table]) -> None:
    """Let PostgreSQL's sequences go on behind the rows that are there; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in ordered:
        for column in table.primary_key.columns:
            if "nextval" in str(column.server_default.arg if column.server_default else ""):  # type: ignore[attr-defined]  # what reflection makes of it
                quoted = connection.dialect.identifier_preparer.quote(table.name)
                sequence = func.pg_get_serial_sequence(quoted, column.name)
                last = select(func.max(column)).scalar_subquery()
                connection.execute(select(func.setval(sequence, func.coalesce(last, literal(1)), last.is_not(None))))


def _line(row: dict[str, Any]) -> str:
    return f"{json.dumps(row, ensure_ascii=True, separators=(',', ':'))}\n"


def _packed(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    packed = packer.compress(data) + packer.flush()
    if len(data) > MOST_BYTES or len(packed) > MOST_AT_ONCE:
        raise ValueError("a thousand rows are longer than any that this site writes")
    return packed


def _unpacked(packed: bytes) -> bytes:
    """The lines, never more than a member may hold."""
    unpacker = zlib.decompressobj(31)
    try:
        data = unpacker.decompress(packed, MOST_BYTES)
    except zlib.error as error:
        raise Damaged("packed rows cannot be unpacked") from error
    if not unpacker.eof or unpacker.unused_data:
        raise Damaged("packed rows are cut off, or more than any that this site writes")
    return data


def _writer(kind: Any) -> Code:  # Any: a column's type
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else b64encode(value).decode()
    if isinstance(kind, DateTime):
        return lambda value: None if value is None else _utc(value).isoformat()
    if isinstance(kind, Date):
        return lambda value: None if value is None else value.isoformat()
    return lambda value: value


def _reader(kind: Any, dialect: str) -> Code:  # Any: a column's type
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else b64decode(value, validate=True)
    if isinstance(kind, DateTime):
        return lambda value: None if value is None else _moment(value, dialect)
    if isinstance(kind, Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    return lambda value: value


def _moment(value: str, dialect: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=None) if dialect == "sqlite" else moment


def _utc(moment: datetime) -> datetime:
    """SQLite tells UTC without saying so, PostgreSQL in the session's zone."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
