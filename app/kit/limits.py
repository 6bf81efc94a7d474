"""A store for rate limits in one small SQLite file: shared by all workers of a host, lost without harm.

The `limits` library has stores for servers only. Addresses never reach the file: they are keyed with a secret that is
thrown away every day.
"""

import hashlib
import hmac
import secrets
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from limits.storage import Storage

from app.kit import one_writer
from app.kit.expendable import drop_if_damaged

SCHEME = "limits-file"
DAY = 86_400  # seconds
PATIENCE = 2.0  # seconds that a hit waits for others at most
_SCHEMA = """
CREATE TABLE IF NOT EXISTS hit (key TEXT PRIMARY KEY, count INTEGER NOT NULL, ends REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS salt (day INTEGER PRIMARY KEY, secret BLOB NOT NULL);
"""
_COUNT = """
INSERT INTO hit VALUES (:key, :amount, :ends) ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN ends <= :now THEN :amount ELSE count + :amount END,
  ends = CASE WHEN ends <= :now THEN :ends ELSE ends END
RETURNING count
"""


def pseudonym(secret: bytes, key: str) -> str:
    """The key, in which an address stands, as it is known as long as the secret is."""
    return hmac.digest(secret, key.encode("utf-8", "replace"), hashlib.sha256).hex()[:32]


class FileStorage(Storage):
    """Fixed-window counters; one writer a moment, no fsync."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 -- the library declares it so

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_options: Any) -> None:  # noqa: FBT001, FBT002 -- the library's signature
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = Path(uri.removeprefix(f"{SCHEME}://"))
        self._local = threading.local()
        drop_if_damaged(self._path)

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        row = self._db.execute(
            _COUNT, {"key": self.pseudonym(key), "amount": amount, "now": now, "ends": now + expiry}
        ).fetchone()
        return int(row[0])

    def get(self, key: str) -> int:
        row = self._db.execute(
            "SELECT count FROM hit WHERE key = ? AND ends > ?", (self.pseudonym(key), time.time())
        ).fetchone()
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        row = self._db.execute("SELECT ends FROM hit WHERE key = ?", (self.pseudonym(key),)).fetchone()
        return float(row[0]) if row else time.time()

    def check(self) -> bool:
        return bool(self._db.execute("SELECT 1").fetchone())

    def reset(self) -> int:
        return self._db.execute("DELETE FROM hit").rowcount

    def clear(self, key: str) -> None:
        self._db.execute("DELETE FROM hit WHERE key = ?", (self.pseudonym(key),))

    def pseudonym(self, key: str) -> str:
        """The key, in which an address stands, as the file knows it today; tomorrow nobody can tell whose it was."""
        return pseudonym(self._salt(), key)

    def _salt(self) -> bytes:
        """The secret of the day; each thread reads it once."""
        today = int(time.time()) // DAY
        day, secret = getattr(self._local, "salt", (0, b""))
        if day != today:
            secret = self._salt_of(today)
            self._local.salt = today, secret
        return secret

    def _salt_of(self, today: int) -> bytes:
        found = self._db.execute("SELECT secret FROM salt WHERE day = ?", (today,)).fetchone()
        if found:
            return bytes(found[0])
        self._db.execute("DELETE FROM salt WHERE day < ?", (today,))
        self._db.execute("DELETE FROM hit WHERE ends < ?", (time.time(),))
        self._db.execute("INSERT OR IGNORE INTO salt VALUES (?, ?)", (today, secrets.token_bytes(32)))
        return self._salt_of(today)

    @property
    def _db(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = self._connect()
        found: sqlite3.Connection = self._local.connection
        return found

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None)
        connection.execute("PRAGMA synchronous=OFF")  # from the first page on
        one_writer.write_ahead(connection, PATIENCE)  # else it counts as well, and each waits for the other
        connection.executescript(_SCHEMA)
        return connection
