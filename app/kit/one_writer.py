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
    deadline = time.monotonic() + seconds
    while not _has_begun(connection):
        if time.monotonic() >= deadline:
            return False
        time.sleep(random.uniform(*PAUSE))  # noqa: S311 -- no secret
    return True


def _has_begun(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
