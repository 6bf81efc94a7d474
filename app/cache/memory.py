"""A few rows in memory, for pages and deeds alike, as fresh as the versions in the database (docs/decisions/0022)."""

from collections.abc import Callable
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

import structlog
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.cache import noting, page_cache
from app.cache.versions import NEVER, Stamp
from app.extensions import db

log = structlog.get_logger(__name__)
T = TypeVar("T")


class Read(NamedTuple, Generic[T]):
    """What was read, and the versions that were known before."""

    stamps: tuple[Stamp, ...]
    value: T


class Memory(Generic[T]):
    """What some tables say. Whoever finds that a version has changed reads it on a connection of its own."""

    def __init__(self, name: str, tables: tuple[str, ...], read: Callable[[Connection], T], nothing: T) -> None:
        """`name` is that under which an app's extensions hold it, `nothing` what is said before it could be read."""
        self.tables = tables
        self._name, self._read, self._nothing = name, read, nothing

    def now(self) -> T:
        """What they say now, the same object until that changes; without the database what was known last."""
        stamps = _stamps(self.tables)
        kept: Read[T] | None = current_app.extensions.get(self._name)
        if stamps is None or (kept is not None and kept.stamps == stamps):
            return kept.value if kept else self._nothing
        try:
            found = Read(stamps, self._anew())
        except SQLAlchemyError as error:
            log.warning("memory_unread", of=self._name, error=type(error).__name__)
            noting.use_at_most(0)  # a page made of it is older than the versions that it carries
            return kept.value if kept else self._nothing
        current_app.extensions[self._name] = found
        return found.value

    def _anew(self) -> T:
        """A page notes the tables for itself where it depends on them: it seldom is the one that reads."""
        with noting.reading(), db.engine.connect().execution_options(only_reads=True) as connection:
            return self._read(connection)


def _stamps(tables: tuple[str, ...]) -> tuple[Stamp, ...] | None:
    """How often each has changed, as of at most a quarter of a second ago; None while nobody knows."""
    versions = page_cache(current_app).versions
    if monotonic() >= versions.next_look:
        versions.catch_up()
    known = versions.state.known
    return None if known is None else tuple(known.get(table, NEVER) for table in tables)
