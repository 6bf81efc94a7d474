"""Isso: its SQLite database, which is only looked at."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.comments.importing.row import Broken, Deleted, Read, Refused, Row, Thread, Unreadable, key_of, past
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
    " FROM comments AS c LEFT JOIN threads AS t ON t.id = c.tid{after} ORDER BY c.id"
)
ALL, AFTER = ROWS.format(after=""), ROWS.format(after=" WHERE c.id > ?")


def read(path: Path) -> Iterator[Read]:
    """Every comment by its number, which stands for a line. Raises Unreadable for what is no such database."""
    _refuse_others(path)
    last: int | None = None
    try:
        with closing(_opened(path)) as database:
            site = _site(database)
            for found in _found(database):
                row = found if isinstance(found, Fault) else _row(site, found, last or 0)
                last = row.line
                yield row
    except sqlite3.Error as error:
        if last is None:
            raise Unreadable(f"is no Isso database that can be read ({error}).") from None
        yield Broken(last, "", f"The file is damaged after this comment ({error}). Nothing after it was read.")


def _found(database: sqlite3.Connection) -> Iterator[tuple[Any, ...] | Fault]:  # Any: the types of SQLite's values
    """Every row; one with a value that is too long stands in the way of no other."""
    last: Any = -(2**63)  # Any: as above
    question = ALL
    while True:
        try:
            for found in database.execute(question, (last,) if question is AFTER else ()):
                last = found[0]
                yield found
            return
        except sqlite3.DatabaseError:  # Python looks one row ahead and forgets the one before: ask for that alone
            found = _alone(database, last)
        if found is None:
            return
        last, question = found.line if isinstance(found, Fault) else found[0], AFTER
        yield found


def _alone(database: sqlite3.Connection, last: Any) -> tuple[Any, ...] | Fault | None:  # Any: as above
    """The row after the one with this number, or that it is too long."""
    try:
        found: tuple[Any, ...] | None = database.execute(f"{AFTER} LIMIT 1", (last,)).fetchone()
    except sqlite3.DataError:
        (number,) = database.execute("SELECT min(id) FROM comments WHERE id > ?", (last,)).fetchone()
        if not isinstance(number, int):
            raise
        return Fault(number, "", "One of its values is longer than any comment.")
    return found


def count(path: Path) -> int | None:
    """How many it has; None where it cannot be said."""
    try:
        with closing(_opened(path)) as database:
            return int(database.execute("SELECT count(*) FROM comments").fetchone()[0])
    except sqlite3.Error:
        return None


def _refuse_others(path: Path) -> None:
    path = path.resolve()  # beside a link lies nothing of what is open
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Unreadable("is no SQLite database; Isso's is called comments.db.")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise Unreadable(f"is being written to: stop Isso first, so that {log.name} goes into it.")
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists() and _is_hot(journal):
        raise Unreadable(f"was not closed: start Isso once and stop it, so that what {journal.name} says is undone.")


def _is_hot(journal: Path) -> bool:
    """Whether it undoes what is in the database: SQLite empties one that is done with, or has it begin with zeros."""
    with journal.open("rb") as file:
        return file.read(1) not in {b"", b"\0"}


def _opened(path: Path) -> sqlite3.Connection:
    """Nothing in the file is carried out, nothing is written beside it, and no question takes for ever."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    database.execute("PRAGMA trusted_schema=OFF")
    database.execute("PRAGMA cell_size_check=ON")
    left = iter(range(STEPS // 1000))
    database.set_progress_handler(lambda: next(left, None) is None, 1000)
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    if not all(_is_plain(database, table) for table in ("comments", "threads")):
        database.close()
        raise sqlite3.DatabaseError("it has no tables “comments” and “threads”")
    return database


def _is_plain(database: sqlite3.Connection, table: str) -> bool:
    """Whether it is a table whose values lie in the file: no view, nothing virtual, no column that is computed."""
    asked = "SELECT sql FROM sqlite_master WHERE name = ? AND type = 'table' AND rootpage > 0"
    found = database.execute(asked, (table,)).fetchone()
    if found is None or str(found[0]).upper().startswith("CREATE VIRTUAL"):
        return False
    return not any(column[-1] for column in database.execute(f"PRAGMA table_xinfo({table})"))


def _site(database: sqlite3.Connection) -> str:
    """What tells one Isso from another: a number that it gave itself. Only a hash of it is kept."""
    if not _is_plain(database, "preferences"):
        return ""
    try:
        found = database.execute("SELECT value FROM preferences WHERE key = 'session-key'").fetchone()
    except sqlite3.Error:
        return ""
    return str(found[0]) if found else ""


def _row(site: str, found: tuple[Any, ...], last: int) -> Row | Deleted | Fault:  # Any: as above
    number = found[0]
    if not isinstance(number, int):
        return Fault(last, "id", "The comment after this one has no number.")
    try:
        return _comment(site, found)
    except Refused as error:
        return Fault(number, error.column, str(error))


def _comment(site: str, found: tuple[Any, ...]) -> Row | Deleted:  # Any: as above
    number, parent, created, mode, text, author, email, website, address, votes, uri, title = found
    if uri is None:
        raise Refused("tid", "It belongs to no thread.")
    thread = Thread(_words(uri) or _words(title), (_words(uri),))
    key, above = key_of(KIND, site, str(number)), key_of(KIND, site, str(parent)) if parent else None
    at = _moment(created)
    if mode == GONE:
        return Deleted(number, key, thread, above, at)
    if mode not in STATES:
        raise Refused("mode", f"“{mode}” is no state of a comment.")
    known = {"address": email, "website": website, "ip": address, "vote": votes}
    beside = tuple(what for what, value in known.items() if value)
    return Row(number, key, thread, above, _words(author), _words(text), at, STATES[mode], beside)


def _words(value: Any) -> str:  # Any: as above
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


def _moment(created: Any) -> datetime:  # Any: as above
    try:
        return past(datetime.fromtimestamp(float(created), UTC), "created")
    except (TypeError, ValueError, OverflowError, OSError):
        raise Refused("created", f"“{created}” is no time.") from None
