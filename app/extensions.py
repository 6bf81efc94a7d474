"""The extensions, made once and bound to an app by its factory."""

import sqlite3
import time
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from flask import has_request_context, request
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_mailman import Mail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import DateTime, Dialect, Engine, Enum, Executable, MetaData, Table, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from app.kit import addresses, one_writer

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MS = 5000  # how long a writer waits for another one before the answer is 503
TURN = "turn"  # under which a connection keeps its way through the turnstile
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(
    model_class=Base,
    # a look at an object after commit must not open a transaction that stays open during a network call
    session_options={"expire_on_commit": False},
)
migrate = Migrate(render_as_batch=True)
babel = Babel()
compress = Compress()
csrf = CSRFProtect()
mail = Mail()


def sender() -> str:
    """Who counts as one for limits; it reaches their store only as a keyed hash."""
    return addresses.network(request.remote_addr or "")


limiter: Limiter = Limiter(key_func=sender, default_limits=[])

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time; kept in UTC, also where the database knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements over many rows that need no objects."""
    return cast(Table, model.__table__)


def state_column(kind: type[Any], name: str) -> Enum:
    """A column for a `StrEnum`: its values as text, guarded by a CHECK."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:  # Any: a DBAPI connection of either driver
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # SQLAlchemy's begin event below says BEGIN, not the driver
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten in the file, not only let go
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")  # for readers, who wait only where the file is mended


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:  # Any: Connection is generic over nothing useful here
    """Writers take SQLite's lock at once: a reader that turns writer late is refused, not made to wait."""
    if connection.dialect.name != "sqlite":
        return
    asks = has_request_context() and request.method in SAFE_METHODS
    options = connection.get_execution_options()
    if asks or options.get("only_reads"):
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_writing(connection, options.get("patience", BUSY_MS / 1000))


def _begin_writing(connection: Any, seconds: float) -> None:  # Any: as above
    """Wait for one's turn among the threads of this process, then for other processes; both within `seconds`."""
    deadline, line = time.monotonic() + seconds, one_writer.turnstile(connection.engine.url.database)
    raw: sqlite3.Connection = connection.connection.dbapi_connection
    if TURN not in connection.info and line.enter(seconds):
        connection.info[TURN] = line  # until the connection is put back
    raw.execute("PRAGMA busy_timeout=0")
    try:
        if TURN not in connection.info or not one_writer.begin(raw, deadline - time.monotonic()):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # a last time, so that its refusal is heard as any other
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")


@event.listens_for(Pool, "checkin")
def _leave_turn(_connection: Any, record: ConnectionPoolEntry) -> None:  # Any: a DBAPI connection
    """The next one may write: what was written is committed or rolled back."""
    if line := record.info.pop(TURN, None):
        line.leave()


@event.listens_for(Engine, "begin")
def _wait_on_postgres(connection: Any) -> None:  # Any: as above
    """A group of submissions says how long it waits for a row that somebody holds."""
    seconds = connection.get_execution_options().get("patience")
    if seconds is not None and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, round(seconds * 1000))}")


def paged(asked: Executable, rows: int) -> Generator[Any, None, None]:  # Any: rows of whatever was asked for
    """What is found, so many rows at once in memory; who stops in the middle leaves nothing open in the database."""
    with closing(db.session.execute(asked, execution_options={"yield_per": rows})) as found:
        yield from found


def only_read() -> None:
    """Begin a transaction that keeps nobody waiting, in a request that may write later; that one begins its own."""
    db.session.rollback()
    db.session.connection(execution_options={"only_reads": True})


def read_one_moment() -> None:
    """Begin a transaction that sees the database as it is now, whoever writes meanwhile, and keeps nobody waiting."""
    db.session.rollback()
    options: dict[str, Any] = {"only_reads": True}  # Any: what SQLAlchemy takes
    if db.engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    db.session.connection(execution_options=options)
