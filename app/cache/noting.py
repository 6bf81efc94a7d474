"""What a request reads and what a transaction writes, noted by the engine, so that nobody can forget it.

A transaction that writes changes the versions of what it wrote in itself, last and in sorted order: rows of versions
never make two transactions wait for each other.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from app.cache.models import Version
from app.cache.statements import Statement, parsed
from app.cache.tables import DERIVED, FINE, SOFT, UNSEEN, UNSEEN_INSERTS
from app.cache.versions import call_all

if TYPE_CHECKING:
    from app.cache.parts import Moment

WRITTEN, EXISTS = "versions_written", "versions_exist"  # in a connection's info
_OWN = Version.__tablename__
_PLACE = {"sqlite": "?", "postgresql": "%s"}
_UPSERT = (
    "INSERT INTO version (name, number, hard) VALUES {rows}"
    " ON CONFLICT (name) DO UPDATE SET number = version.number + 1, hard = version.hard + excluded.hard"
)


@dataclass
class Reading:
    """What an answer, or a part of one, is made of while it is made."""

    moment: "Moment | None" = None  # None where nothing of it may be kept
    names: set[str] = field(default_factory=set)
    seconds: float | None = None  # for which it may be used at most; None for as long as any
    ends_at: float = inf  # when the first of the parts that were taken for it is over, seconds since 1970

    def add(self, part: "Reading") -> None:
        """It is made of this, too."""
        self.names |= part.names
        self.ends_at = min(self.ends_at, part.ends_at)
        if part.seconds is not None:
            self.use_at_most(part.seconds)

    def use_at_most(self, seconds: float) -> None:
        self.seconds = seconds if self.seconds is None else min(seconds, self.seconds)


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)
_narrowed: ContextVar[Mapping[str, Mapping[str, bool]] | None] = ContextVar("narrowed", default=None)


@contextmanager
def reading(moment: "Moment | None" = None) -> Iterator[Reading]:
    """Note what is read meanwhile."""
    token = _reading.set(noted := Reading(moment))
    try:
        yield noted
    finally:
        _reading.reset(token)


def noted_now() -> Reading | None:
    """What is noted of the answer that is being made; None where nobody notes anything."""
    return _reading.get()


def use_at_most(seconds: float) -> None:
    """Say of the answer that is being made how long a copy of it may be used."""
    noted = _reading.get()
    if noted is not None:
        noted.use_at_most(seconds)


def note_read(tables: Iterable[str]) -> None:
    """Say of the answer that is being made that it depends on these tables, which were read into memory before."""
    noted = _reading.get()
    if noted is not None:
        noted.names.update(_names_read(tables))


@contextmanager
def reading_only(kind: str, parts: Iterable[str]) -> Iterator[None]:
    """What is read meanwhile of the tables that have such parts is only in these."""
    with _only(kind, dict.fromkeys(parts, False)):
        yield


@contextmanager
def writing_only(kind: str, parts: Mapping[str, bool]) -> Iterator[None]:
    """What is written meanwhile to the tables that have such parts is seen in these alone; of each, if it is hard."""
    with _only(kind, parts):
        yield


def is_narrowed(kind: str) -> bool:
    """Whether somebody has said which parts are meant."""
    return kind in (_narrowed.get() or {})


@contextmanager
def _only(kind: str, parts: Mapping[str, bool]) -> Iterator[None]:
    if kind not in FINE.values():
        raise KeyError(f"no table has parts of the kind {kind}")
    names = {f"{kind}:{part}": is_hard for part, is_hard in parts.items()}
    token = _narrowed.set({**(_narrowed.get() or {}), kind: names})
    try:
        yield
    finally:
        _narrowed.reset(token)


@event.listens_for(Engine, "before_cursor_execute")
def _note(connection: Connection, _cursor: Any, text: str, *_rest: Any) -> None:  # Any: what the event hands on
    statement = parsed(text)
    noted = _reading.get()
    if noted is not None and statement.reads:
        noted.names.update(_names_read(statement.reads))
    if statement.writes:
        _note_written(connection, statement)


def _names_read(tables: Iterable[str]) -> Iterator[str]:
    narrowed = _narrowed.get() or {}
    for one in tables:
        table = DERIVED.get(one, one)
        yield table
        if table in FINE:
            yield from narrowed.get(FINE[table], (f"{FINE[table]}:*",))


def _note_written(connection: Connection, statement: Statement) -> None:
    if statement.is_ddl:
        connection.info.pop(EXISTS, None)
    written: dict[str, bool] = connection.info.setdefault(WRITTEN, {})
    for name, is_hard in _names_written(statement):
        written[name] = written.get(name, False) or is_hard


def _names_written(statement: Statement) -> Iterator[tuple[str, bool]]:
    narrowed = _narrowed.get() or {}
    for table in statement.adds | statement.changes:
        if table == _OWN or table in UNSEEN or table in DERIVED:
            continue
        if FINE.get(table) in narrowed:
            yield from narrowed[FINE[table]].items()
        elif table in statement.changes or table not in UNSEEN_INSERTS:
            yield table, table in statement.changes and table not in SOFT


@event.listens_for(Engine, "commit")
def _tell(connection: Connection) -> None:
    """Change the versions of what this transaction wrote; it is still open."""
    written: dict[str, bool] | None = connection.info.pop(WRITTEN, None)
    if not written or not _has_versions(connection):
        return
    place = _PLACE[connection.dialect.name]
    rows = ", ".join([f"({place}, 1, {place})"] * len(written))
    values = tuple(value for name in sorted(written) for value in (name, int(written[name])))
    connection.exec_driver_sql(_UPSERT.format(rows=rows), values)


def _has_versions(connection: Connection) -> bool:
    """Whether there is the table; before the migration that brings it there is not."""
    if EXISTS not in connection.info:
        connection.info[EXISTS] = connection.dialect.has_table(connection, _OWN)
    return bool(connection.info[EXISTS])


@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    if not connection.invalidated:  # what was noted of a lost one is lost with it
        connection.info.pop(WRITTEN, None)


@event.listens_for(Session, "after_commit")
def _call_readers(_session: Any) -> None:  # Any: a Session of whatever kind
    call_all()
