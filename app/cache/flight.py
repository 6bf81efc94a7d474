"""One that renders while the others who want the same wait for it, or are served an older copy."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.cache.entry import Entry
from app.cache.store import Key


class Flight:
    """One rendering under way."""

    def __init__(self) -> None:
        self.entry: Entry | None = None
        self._landed = threading.Event()

    def wait(self, seconds: float) -> Entry | None:
        """What came of it; None if that is nothing to keep, or takes longer."""
        return self.entry if self._landed.wait(seconds) else None

    def land(self) -> None:
        self._landed.set()


class Flights:
    """All that are under way in this process."""

    def __init__(self) -> None:
        self._flights: dict[Key, Flight] = {}

    @contextmanager
    def board(self, key: Key) -> Iterator[tuple[Flight, bool]]:
        """The flight for a key, and whether it is ours to fly."""
        own = Flight()
        flight = self._flights.setdefault(key, own)
        try:
            yield flight, flight is own
        finally:
            if flight is own:
                del self._flights[key]
                own.land()
