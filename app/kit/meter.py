"""What processes count of themselves: kept in memory, written to a file now and then, added up by whoever asks.

The library of Prometheus can share counters between processes by files mapped into memory. Such a file has holes until
it is written to, and on a full disk the kernel ends the process that does; a write that fails is done the next time.
"""

import fcntl
import json
import os
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = "metrics"  # in the instance
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds, the upper ends
FRESH = 5.0  # seconds for which what a process says of its present is believed
MODE = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
MOST = 512  # processes that keep their counts in one folder

Key = tuple[str, tuple[str, ...]]
"""A name and the values of its labels."""


@dataclass
class Readings:
    """Numbers by name and labels."""

    counts: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    times: dict[Key, list[float]] = field(default_factory=dict)
    """How many observations fell into each bucket, those beyond the last one, and the sum of all in seconds."""
    now: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    """What is true only at present, like who sits where."""

    def add(self, other: "Readings") -> None:
        for key, number in other.counts.items():
            self.counts[key] += number
        for key, number in other.now.items():
            self.now[key] += number
        for key, numbers in other.times.items():
            known = self.times.setdefault(key, [0.0] * len(numbers))
            self.times[key] = [a + b for a, b in zip(known, numbers, strict=True)]

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        parts: dict[str, dict[Key, Any]] = {"counts": self.counts, "times": self.times, "now": self.now}
        return {name: [[key[0], key[1], value] for key, value in part.items()] for name, part in parts.items()}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "Readings":
        found = cls()
        for name, labels, value in said["counts"]:
            found.counts[name, tuple(labels)] = value
        for name, labels, value in said["times"]:
            found.times[name, tuple(labels)] = value
        for name, labels, value in said["now"]:
            found.now[name, tuple(labels)] = value
        return found


class Meter:
    """The counts of this process. Counting costs less than a microsecond and never fails."""

    def __init__(self) -> None:
        self._own = Readings()
        self._lock = threading.Lock()
        self._kept: int | None = None  # our file, open
        self._place: int | None = None  # the lock that says so

    def add(self, name: str, *labels: str, by: float = 1) -> None:
        """One more of something."""
        with self._lock:
            self._own.counts[name, labels] += by

    def observe(self, name: str, seconds: float, *labels: str) -> None:
        """How long something took."""
        with self._lock:
            numbers = self._own.times.get((name, labels))
            if numbers is None:
                numbers = self._own.times[name, labels] = [0.0] * (len(BUCKETS) + 2)
            numbers[bisect_left(BUCKETS, seconds)] += 1
            numbers[-1] += seconds

    def say(self, name: str, value: float, *labels: str) -> None:
        """What is true of this process at present."""
        with self._lock:
            self._own.now[name, labels] = value

    def keep_in(self, folder: Path) -> None:
        """From now on `write` keeps the counts there, in the first place that no living process has.

        What a process that has ended counted in that place is counted on, so that no number ever falls. OSError where
        the disk does not take it.
        """
        folder.mkdir(mode=0o700, exist_ok=True)
        for number in range(MOST):
            place = os.open(folder / f"{number}.lock", MODE, 0o600)
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(place)
                continue
            before = _read(folder / f"{number}.json")
            before.now.clear()
            self._place, self._kept = place, os.open(folder / f"{number}.json", MODE, 0o600)
            with self._lock:
                self._own.add(before)
            return

    def write(self) -> None:
        """Write the counts to our file, if we have one; OSError where the disk does not take them."""
        if self._kept is None:
            return
        with self._lock:
            said = json.dumps({"at": time.time(), **self._own.to_json()}).encode()
        fcntl.flock(self._kept, fcntl.LOCK_EX)  # in place: a file replaced twice a second is a flush each time
        try:
            os.pwrite(self._kept, said, 0)
            os.ftruncate(self._kept, len(said))
        finally:
            fcntl.flock(self._kept, fcntl.LOCK_UN)

    def together(self, folder: Path) -> Readings:
        """The counts of all processes that keep theirs in `folder`, and our own."""
        with suppress(OSError):  # then we are known as of a moment ago
            self.write()
        found = _sum(_read(file) for file in sorted(folder.glob("*.json")))
        if self._kept is None:
            with self._lock:
                found.add(self._own)
        return found


def _sum(parts: Iterable[Readings]) -> Readings:
    found = Readings()
    for part in parts:
        found.add(part)
    return found


def _read(file: Path) -> Readings:
    """What a file says; nothing where it cannot be read, and nothing of the present of a process that fell silent."""
    try:
        with file.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_SH)
            said = json.loads(opened.read())
        found = Readings.from_json(said)
        if abs(time.time() - said["at"]) > FRESH:
            found.now.clear()
        return found
    except (OSError, ValueError, KeyError, TypeError):
        return Readings()


meter = Meter()
