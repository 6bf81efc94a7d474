"""The answers that are kept, under a budget of bytes; what was not asked for longest goes first."""

import threading

from app.cache.entry import Entry

BUDGET = 28 * 1024**2  # bytes a process, with the parts 32: some hundred pages with a thread each, or thousands without
LARGEST = 2 * 1024**2  # bytes of one answer; more is not kept
ROOM = 0.9  # of the budget is left in use after making room

Key = tuple[str, str]
"""Path and query."""


class Store:
    """Looked into without a lock: a dict is read in one piece."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.entries: dict[Key, Entry] = {}
        self.size = 0
        self._budget = budget
        self._lock = threading.Lock()

    def keep(self, key: Key, entry: Entry) -> None:
        with self._lock:
            self._let_go(key)
            self.entries[key] = entry
            self._count(entry)
            self._make_room()

    def drop(self, key: Key, entry: Entry) -> None:
        """Forget an entry, unless there is a newer one in its place."""
        with self._lock:
            if self.entries.get(key) is entry:
                self._let_go(key)

    def weigh(self, entry: Entry) -> None:
        """Count it again: it grows by a coding when that is first asked for."""
        with self._lock:
            if entry.counted:
                self._count(entry)
                self._make_room()

    def _count(self, entry: Entry) -> None:
        self.size += entry.size - entry.counted
        entry.counted = entry.size

    def _let_go(self, key: Key) -> None:
        old = self.entries.pop(key, None)
        if old is not None:
            self.size -= old.counted
            old.counted = 0

    def _make_room(self) -> None:
        if self.size <= self._budget:
            return
        for key, _ in sorted(self.entries.items(), key=lambda item: item[1].used):
            if self.size <= self._budget * ROOM:
                return
            self._let_go(key)
