"""A database in which somebody else writes without an end: SQLite's lock, or all tables of a PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
from flask import Flask
from sqlalchemy.engine import URL

from app import extensions
from app.extensions import db

SHORTLY = 50  # milliseconds that a writer waits for the other one, so that the test need not wait for longer


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Readers read on; whoever writes waits shortly and is refused."""
    with app.app_context():
        address = db.engine.url
    is_sqlite = address.get_backend_name() == "sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extensions, "BUSY_MS", SHORTLY)
        with _sqlite(address) if is_sqlite else _postgresql(app, address):
            yield


@contextmanager
def _sqlite(address: URL) -> Iterator[None]:
    with closing(sqlite3.connect(str(address.database), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def _postgresql(app: Flask, address: URL) -> Iterator[None]:
    """Only what waits for a lock is refused sooner than elsewhere: a slow machine may take long over an answer."""
    with closing(psycopg.connect(_plain(address), autocommit=True)) as other:
        _set_patience(app, other, f"SET lock_timeout = {SHORTLY}")
        with other.transaction():
            other.execute(f"LOCK TABLE {', '.join(db.metadata.tables)} IN EXCLUSIVE MODE".encode())
            yield
        _set_patience(app, other, "RESET lock_timeout")


def _plain(address: URL) -> str:
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def _set_patience(app: Flask, other: psycopg.Connection, said: str) -> None:
    """It holds for new connections."""
    other.execute(f'ALTER DATABASE "{other.info.dbname}" {said}'.encode())
    with app.app_context():
        db.engine.dispose()
