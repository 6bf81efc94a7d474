"""Isso: its SQLite database, which is only looked at."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.comments.importing.row import Deleted, LeftOut, Refused, Row, Thread, Unreadable, key_of, past
from app.comments.models import State
from app.web.moving import Fault

KIND = "isso"
MAGIC = b"SQLite format 3\0"
STATES = {1: State.PUBLISHED, 2: State.WAITING}
GONE = 4
LONGEST = 1_000_000  # bytes of one value
STEPS = 200_000_000  # of SQLite's machine: a million comments take a tenth of it, a trap takes them all
ROWS = (
    "SELECT c.id, c.parent, c.created, c.mode, c.text, c.author, c.email, c.website, c.remote_addr,"
    " coalesce(c.likes, 0) + coalesce(c.dislikes, 0), t.uri, t.title"
    " FROM comments AS c LEFT JOIN threads AS t ON t.id = c.tid ORDER BY c.id"
)


def read(path: Path) -> Iterator[Row | Deleted | LeftOut | Fault]:
    """Every comment by its number, which stands for a line. Raises Unreadable for what is no such database."""
    _refuse_others(path)
    try:
        with closing(_opened(path)) as database:
            site = _site(database)
            for found in database.execute(ROWS):
                yield _row(site, found)
    except sqlite3.Error as error:
        raise Unreadable(f"is no Isso database that can be read ({error}).") from None


def count(path: Path) -> int | None:
    """How many it has; None where it cannot be said."""
    try:
        with closing(_opened(path)) as database:
            return int(database.execute("SELECT count(*) FROM comments").fetchone()[0])
    except sqlite3.Error:
        return None


def _refuse_others(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Unreadable("is no SQLite database; Isso's is called comments.db.")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise Unreadable(f"is being written to: stop Isso first, so that {log.name} goes into it.")


def _opened(path: Path) -> sqlite3.Connection:
    """Nothing in the file is carried out, nothing is written beside it, and no question takes for ever."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    database.execute("PRAGMA trusted_schema=OFF")
    database.execute("PRAGMA cell_size_check=ON")
    left = iter(range(STEPS // 1000))
    database.set_progress_handler(lambda: next(left, None) is None, 1000)
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    kinds = dict(database.execute("SELECT name, type FROM sqlite_master WHERE name IN ('comments', 'threads')"))
    if kinds != {"comments": "table", "threads": "table"}:
        database.close()
        raise sqlite3.DatabaseError("it has no tables “comments” and “threads”")
    return database


def _site(database: sqlite3.Connection) -> str:
    """What tells one Isso from another: a number that it gave itself. Only a hash of it is kept."""
    try:
        found = database.execute("SELECT value FROM preferences WHERE key = 'session-key'").fetchone()
    except sqlite3.Error:
        return ""
    return str(found[0]) if found else ""


def _row(site: str, found: tuple[Any, ...]) -> Row | Deleted | Fault:  # Any: SQLite's values have the types they like
    try:
        return _comment(site, found)
    except Refused as error:
        return Fault(int(found[0]), error.column, str(error))


def _comment(site: str, found: tuple[Any, ...]) -> Row | Deleted:  # Any: as above
    number, parent, created, mode, text, author, email, website, address, votes, uri, title = found
    if uri is None:
        raise Refused("tid", "It belongs to no thread.")
    thread = Thread(str(uri) or str(title), (str(uri),))
    key, above = key_of(KIND, site, str(number)), key_of(KIND, site, str(parent)) if parent else None
    at = _moment(created)
    if mode == GONE:
        return Deleted(number, key, thread, above, at)
    if mode not in STATES:
        raise Refused("mode", f"“{mode}” is no state of a comment.")
    known = {"address": email, "website": website, "ip": address, "vote": votes}
    beside = tuple(what for what, value in known.items() if value)
    return Row(number, key, thread, above, str(author or ""), str(text or ""), at, STATES[mode], beside)


def _moment(created: Any) -> datetime:  # Any: as above
    try:
        return past(datetime.fromtimestamp(float(created), UTC), "created")
    except (TypeError, ValueError, OverflowError, OSError):
        raise Refused("created", f"“{created}” is no time.") from None
