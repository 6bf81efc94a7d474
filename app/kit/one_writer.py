"""SQLite's one writer: who may begin to write next, so that nobody waits for seconds behind those who came later.

SQLite's own way to wait is to sleep longer and longer: with eight who write, one of them waits for four seconds. Here
the threads of a process line up, and the first of them asks for the lock again and again at short random intervals, so
that between processes chance decides, and not who has slept least.
"""

import random
import sqlite3
import time
from collections import defaultdict

from app.kit.turnstile import Turnstile

PAUSE = (0.0003, 0.002)  # seconds between two attempts, from and to: about as long as others write

_turnstiles = defaultdict[str, Turnstile](Turnstile)  # of each database, by its file


def turnstile(database: str) -> Turnstile:
    """The one through which all writers of a database in this process go."""
    return _turnstiles[database]


def begin(connection: sqlite3.Connection, seconds: float) -> bool:
    """BEGIN IMMEDIATE; False when other processes have kept the lock for so many seconds.

    Any other fault is raised as it comes.
    """
    return _gets(connection, "BEGIN IMMEDIATE", seconds)


def write_ahead(connection: sqlite3.Connection, seconds: float) -> bool:
    """Have a file's log written ahead; False when others have kept it locked for so many seconds.

    For this SQLite waits for nobody who writes, whatever its timeout: of several that begin a file at once, one is told
    that it is locked.
    """
    return _gets(connection, "PRAGMA journal_mode=WAL", seconds)


def _gets(connection: sqlite3.Connection, what: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not _has_got(connection, what):
        if time.monotonic() >= deadline:
            return False
        time.sleep(random.uniform(*PAUSE))  # noqa: S311 -- no secret
    return True


def _has_got(connection: sqlite3.Connection, what: str) -> bool:
    try:
        connection.execute(what)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
