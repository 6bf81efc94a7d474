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
            old = self.entries.get(key)
            self.size += entry.size - (old.size if old else 0)
            self.entries[key] = entry
            self._make_room()

    def drop(self, key: Key, entry: Entry) -> None:
        """Forget an entry, unless there is a newer one in its place."""
        with self._lock:
            if self.entries.get(key) is entry:
                del self.entries[key]
                self.size -= entry.size

    def weigh(self) -> None:
        """Count again: entries grow by a coding when it is first asked for."""
        with self._lock:
            self.size = sum(entry.size for entry in self.entries.values())
            self._make_room()

    def _make_room(self) -> None:
        if self.size <= self._budget:
            return
        for key, entry in sorted(self.entries.items(), key=lambda item: item[1].used):
            if self.size <= self._budget * ROOM:
                return
            del self.entries[key]
            self.size -= entry.size
