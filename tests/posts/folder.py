"""A folder of posts on disk, and the moments the tests speak of."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

EARLY = datetime(2011, 11, 12, 20, 0, tzinfo=UTC)
NOW = datetime(2011, 11, 30, 12, 0, tzinfo=UTC)
LATE = datetime(2011, 12, 24, 18, 0, tzinfo=UTC)


def markdown(body: str = "Ein Text.", **keys: str) -> str:
    """The source of a good post; a key set to "" is left out."""
    front = {"title": "Ein Titel", "date": "2011-11-12T20:00:00+01:00"} | keys
    lines = [f"{key}: {value}" for key, value in front.items() if value]
    return "\n".join(["---", *lines, "---", "", body, ""])


def write(folder: Path, name: str, body: str = "Ein Text.", **keys: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(markdown(body, **keys), "utf-8")
    return path


def soon(holds: Callable[[], bool]) -> bool:
    """Whether it becomes true; nobody waits longer than a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return holds()
