"""SQLite files that are never synced, since what stands in them may be lost: a power cut may leave them torn."""

import fcntl
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import structlog

log = structlog.get_logger()


def drop_if_damaged(file: Path) -> None:
    """Remove a file that is no sound database, with its log and index, which would be read into the next one.

    Of several processes that begin at once one removes it, and none the file that another has begun anew. What keeps it
    from being looked at (a lock, a full disk) is left alone.
    """
    if not file.exists() or not _is_damaged(file):
        return
    with suppress(FileNotFoundError), file.open("rb") as damaged:  # another one was quicker
        fcntl.flock(damaged, fcntl.LOCK_EX)
        if file.exists() and _is_damaged(file):
            log.warning("damaged_file_dropped", file=file.name)
            for end in ("-wal", "-shm", ""):
                file.with_name(file.name + end).unlink(missing_ok=True)


def _is_damaged(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file, timeout=2)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True
