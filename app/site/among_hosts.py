"""What only one of several hosts does at a time. They have one database, so PostgreSQL says whose turn it is.

A turn is a lock that ends with the connection that holds it: nobody has to give it back, and no clock is trusted. On
SQLite there is one host, and its files say the same.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

STARTING, JOBS = 0x45_46_01, 0x45_46_02  # the locks' numbers, which no other program in this database may use
LOOK = 1.0  # seconds between two tries, and between two looks whether the turn is still ours
SETTLE = 5.0  # seconds until whoever had the turn has noticed that it is over, and has ended

log = structlog.get_logger()


@contextmanager
def one_by_one(engine: Engine) -> Iterator[None]:
    """Wait until no other host is starting."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with _outside_transactions(engine) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": STARTING})
        try:
            yield
        finally:
            connection.invalidate()  # which ends the lock


@contextmanager
def the_only_one(engine: Engine, local: Path) -> Iterator[None]:
    """Wait until nobody else runs jobs, on any host; end this process at once when that may have changed."""
    with (local / "jobs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if engine.dialect.name != "postgresql":
            yield
            return
        turn, over = _wait_for_turn(engine), threading.Event()
        threading.Thread(target=_keep, args=(turn, over), daemon=True).start()
        time.sleep(SETTLE)
        try:
            yield
        finally:
            over.set()
            turn.invalidate()


def _wait_for_turn(engine: Engine) -> Connection:
    """The connection that holds the lock."""
    while True:
        try:
            connection = _outside_transactions(engine)
            while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": JOBS}):
                time.sleep(LOOK)
        except DBAPIError:  # the database is away: it is looked for again
            time.sleep(LOOK)
        else:
            return connection


def _keep(turn: Connection, over: threading.Event) -> None:
    """Ask the database each second; without an answer another host may have been given the turn."""
    while not over.wait(LOOK):
        try:
            turn.execute(text("SELECT 1"))
        except DBAPIError as error:
            if over.is_set():
                return
            log.warning("jobs_ended_with_their_turn", error=type(error).__name__)
            os._exit(1)  # in the middle of a job: what it had not committed, whoever comes next does


def _outside_transactions(engine: Engine) -> Connection:
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")
