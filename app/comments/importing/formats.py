"""The kinds of files that are read, and how far in one we are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.comments.importing import disqus, isso, jsonl, mistaken, wxr
from app.comments.importing.row import Read

FORMATS = (wxr.KIND, disqus.KIND, isso.KIND, jsonl.KIND)
READERS = {one.KIND: one.read for one in (wxr, disqus, jsonl)}


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is open. `total` and `reached` count the same, bytes or rows; without a total nobody knows."""

    rows: Iterator[Read]
    total: int | None
    reached: Callable[[], int] | None = None


@contextmanager
def open_source(path: Path, kind: str) -> Iterator[Source]:
    """What the file has, as a file of that kind. Raises Unreadable where it is surely another one."""
    mistaken.refuse(path, kind)
    if kind == isso.KIND:
        yield Source(isso.read(path), isso.count(path))
        return
    with path.open("rb") as file:
        yield Source(READERS[kind](file), path.stat().st_size, file.tell)
