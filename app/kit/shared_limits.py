"""A store for rate limits that several hosts share; while it is away, each host counts for itself.

Addresses never reach it: they are keyed with a secret that all hosts have in common and that ends with the day.
"""

import secrets
import time
from pathlib import Path
from typing import Any

from limits.storage import RedisStorage
from redis import Redis

from app.kit.circuit import Away
from app.kit.limits import DAY, FileStorage, pseudonym
from app.kit.limits import SCHEME as FILE
from app.kit.shared_store import SharedStore

SCHEME = "limits-shared"
PREFIX = "einzelfall:limits"
ASKED_AGAIN = 60.0  # seconds after which a process looks whether the store has forgotten the secret of the day
SKEW = 60  # seconds that the clocks of hosts may differ


class SharedStorage(RedisStorage):
    """The library's windows in the shared store, under keys from which nobody reads an address."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 -- the library declares it so

    def __init__(self, uri: str, *, store: SharedStore, file: Path, **options: Any) -> None:  # Any: the library's
        super().__init__(uri, connection_pool=store.redis.connection_pool, key_prefix=PREFIX, **options)
        self._store, self._own = store, FileStorage(f"{FILE}://{file}")
        self._secret: tuple[int, bytes] = (0, b"")  # the day, and what it is keyed with
        self._asked_at = 0.0

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return int(self._shared("incr", key, expiry, amount))

    def get(self, key: str) -> int:
        return int(self._shared("get", key))

    def get_expiry(self, key: str) -> float:
        return float(self._shared("get_expiry", key))

    def clear(self, key: str) -> None:
        self._shared("clear", key)

    def reset(self) -> int:
        return int(self._shared("reset"))

    def check(self) -> bool:
        return True  # there is always an answer

    def prefixed_key(self, key: str) -> str:
        """The key, in which an address stands, as the store knows it today; `*` stands for all of them."""
        return f"{self.key_prefix}:{key if key == '*' else pseudonym(self._daily_secret(), key)}"

    def _shared(self, verb: str, *arguments: str | int) -> Any:  # Any: as the verb answers
        """What the shared store says; while that is away, what this host alone says."""
        try:
            return self._store.ask(lambda _redis: getattr(super(SharedStorage, self), verb)(*arguments))
        except Away:
            return getattr(self._own, verb)(*arguments)

    def _daily_secret(self) -> bytes:
        today = int(time.time()) // DAY
        if self._secret[0] != today or time.monotonic() - self._asked_at > ASKED_AGAIN:
            self._secret, self._asked_at = (today, _secret_of(self._store.redis, today)), time.monotonic()
        return self._secret[1]


def _secret_of(redis: Redis, day: int) -> bytes:
    """The secret of a day: of all hosts that bring one the first; the store forgets it when the day is over."""
    name = f"{PREFIX}-secret:{day}"
    asking = redis.pipeline(transaction=False)
    asking.set(name, secrets.token_bytes(32), nx=True, exat=(day + 1) * DAY + SKEW)
    asking.get(name)
    return bytes(asking.execute()[1])
