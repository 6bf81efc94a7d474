"""Seats in a process: how many requests are worked on at once, and how long the next ones wait for that."""

import threading
import time

STALL = 1.0  # seconds in which nobody got up: whoever comes now would wait in vain
PATIENCE = 5.0  # seconds that somebody waits for a seat at most


class Seats:
    """A number of seats. Whoever finds none waits, as long as others get up now and then."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._taken: dict[int, float] = {}  # since when, by thread
        self._waiting = 0
        self._full_since: float | None = None
        self._moved_at = 0.0  # when somebody last sat down or got up
        self._changed = threading.Condition()

    def take(self) -> bool:
        """Sit down; False when the wait would be too long."""
        with self._changed:
            if len(self._taken) >= self._number and not self._wait():
                return False
            now = time.monotonic()
            self._taken[threading.get_ident()] = self._moved_at = now
            if len(self._taken) >= self._number and self._full_since is None:
                self._full_since = now
            return True

    def leave(self) -> None:
        """Get up, and let in who waits."""
        with self._changed:
            self._taken.pop(threading.get_ident(), None)
            self._moved_at = time.monotonic()
            if not self._waiting:
                self._full_since = None
            self._changed.notify()

    @property
    def taken(self) -> int:
        return len(self._taken)

    @property
    def waiting(self) -> int:
        return self._waiting

    @property
    def full_for(self) -> float:
        """Seconds for which no seat has been free."""
        since = self._full_since
        return 0.0 if since is None else time.monotonic() - since

    @property
    def oldest_for(self) -> float:
        """Seconds for which the one who sits longest has been sitting."""
        with self._changed:
            since = min(self._taken.values(), default=None)
        return 0.0 if since is None else time.monotonic() - since

    def _wait(self) -> bool:
        """Wait for a seat; False when nobody moves for too long, or others are always quicker."""
        gives_up_at = time.monotonic() + PATIENCE
        self._waiting += 1
        try:
            while len(self._taken) >= self._number:
                left = min(gives_up_at, self._moved_at + STALL) - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
            return True
        finally:
            self._waiting -= 1
