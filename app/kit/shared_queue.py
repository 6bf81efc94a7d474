"""The queue of jobs of several hosts."""

from typing import Any

from huey.storage import MemoryStorage
from redis import Redis

from app.kit.circuit import Away
from app.kit.shared_store import SharedStore

KEY = "einzelfall:jobs"
MOST = 10_000  # jobs in line; what is left out is found by the state of its row


class SharedQueue(MemoryStorage):  # type: ignore[misc]  # huey ships no types
    """What any host hands in lies in the shared store; all else that huey keeps is of one process.

    The consumer's own clock does not go through the store: while that is away, what is left to do is still found.
    """

    def __init__(self, store: SharedStore) -> None:
        super().__init__("einzelfall")
        self._store, self._consumes = store, False

    def consume(self) -> None:
        """From now on this process is the consumer: what it hands in, it finds itself."""
        self._consumes = True

    def enqueue(self, data: bytes, priority: int | None = None) -> None:
        if self._consumes:
            super().enqueue(data, priority)
        else:
            self._store.ask(lambda redis: _hand_in(redis, data))

    def dequeue(self) -> Any:  # Any: bytes, as far as the libraries know
        own = super().dequeue()
        try:
            return own or self._store.ask(lambda redis: redis.rpop(KEY))
        except Away:
            return None

    def queue_size(self) -> int:
        own: int = super().queue_size()
        try:
            return own + int(self._store.ask(lambda redis: redis.llen(KEY)))
        except Away:
            return own

    def flush_queue(self) -> None:
        super().flush_queue()
        self._store.ask(lambda redis: redis.delete(KEY))


def _hand_in(redis: Redis, data: bytes) -> None:
    both = redis.pipeline(transaction=False)
    both.lpush(KEY, data)
    both.ltrim(KEY, 0, MOST - 1)
    both.execute()
