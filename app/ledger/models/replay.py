"""The ledger read from its beginning: what counts, and where it does not hold together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db, paged
from app.ledger.merkle import Frontier
from app.ledger.models.checkpoint import Checkpoint
from app.ledger.models.entry import CHANGE, Entry, Kind, Reason
from app.ledger.models.head import Head
from app.ledger.models.tile import HEIGHT, Tile

BATCH = 1000
SUBJECT = re.compile(r"entry:(0|[1-9][0-9]{0,15})")
TELLING = frozenset({Kind.COUNTED, Kind.IMPORTED})


class Fault(Exception):
    """An entry says what it cannot say."""


@dataclass(slots=True)
class Replay:
    """The state of all reports as the entries alone tell it, one entry after the other."""

    size: int = 0
    minute: datetime | None = None
    counting: set[int] = field(default_factory=set)
    out: dict[int, Reason] = field(default_factory=dict)
    corrections: dict[int, int] = field(default_factory=dict)
    """Of each report that was corrected, by its entry, the entry of its latest correction."""

    @property
    def counter(self) -> int:
        return len(self.counting)

    def take(self, entry: Entry) -> None:
        """Read the next entry; raises `Fault` where it contradicts what came before."""
        if entry.seq != self.size:
            raise Fault(f"the ledger has a hole or a surplus at entry {self.size}")
        if not entry.is_what_was_written:
            raise Fault(f"entry {entry.seq} is not what was written")
        if self.minute and entry.minute < self.minute:
            raise Fault(f"entry {entry.seq} is dated before the one above it")
        self.size, self.minute = entry.seq + 1, entry.minute
        self._move(entry)

    def _move(self, entry: Entry) -> None:
        if entry.kind in TELLING:
            self._tell(entry)
        elif entry.kind is Kind.UNCOUNTED:
            self._out(entry)
        elif entry.kind is Kind.RECOUNTED:
            self._back(entry)
        elif entry.kind is Kind.CORRECTED:
            self._correct(entry)

    def _tell(self, entry: Entry) -> None:
        if entry.commitment is None or entry.subject is not None:
            raise Fault(f"entry {entry.seq} commits to no report of its own")
        self.counting.add(entry.seq)

    def _correct(self, entry: Entry) -> None:
        named = self._named(entry)
        is_there = named in self.counting or self.out.get(named, Reason.ERASED) is not Reason.ERASED
        if not is_there or entry.commitment is None:
            raise Fault(f"entry {entry.seq} corrects what is not there")
        self.corrections[named] = entry.seq

    def _out(self, entry: Entry) -> None:
        named = self._named(entry)
        if named not in self.counting or entry.reason is None:
            raise Fault(f"entry {entry.seq} takes out what does not count, or says no reason")
        self.counting.remove(named)
        self.out[named] = entry.reason

    def _back(self, entry: Entry) -> None:
        named = self._named(entry)
        if self.out.get(named, Reason.ERASED) is Reason.ERASED:
            raise Fault(f"entry {entry.seq} counts again what cannot be")
        del self.out[named]
        self.counting.add(named)

    def _named(self, entry: Entry) -> int:
        named = SUBJECT.fullmatch(entry.subject or "")
        if named is None:
            raise Fault(f"entry {entry.seq} does not say which entry it is about")
        return int(named[1])


def faults(replay: Replay) -> Iterator[str]:
    """Everything the ledger itself should hold to, recomputed from its entries; `replay` is left at its end."""
    yield from as_far_as_readable("ledger", _faults(replay))


def as_far_as_readable(what: str, found: Iterator[str]) -> Iterator[str]:
    """What is found, up to a row that holds what no such row can hold."""
    try:
        yield from found
    except (LookupError, ValueError, TypeError) as error:
        yield f"a row of the {what} cannot be read ({type(error).__name__})"


def _faults(replay: Replay) -> Iterator[str]:
    head, frontier = Head.now(), Frontier.empty()
    tiles, kept = _tiles(), {one.size: one for one in db.session.scalars(select(Checkpoint))}
    yield from _checkpoint_faults(kept.pop(0, None), replay, frontier)
    for (entry,) in paged(select(Entry).order_by(Entry.seq), BATCH):
        try:
            replay.take(entry)
        except Fault as fault:
            yield str(fault)
            return
        frontier, filled = frontier.push(entry.leaf)
        for node in filled:
            if node.level % HEIGHT == 0 and tiles.pop((node.level, node.index), None) != (node.hash, replay.counter):
                yield f"tile {node.index} of level {node.level} is not what the entries make"
        yield from _checkpoint_faults(kept.pop(replay.size, None), replay, frontier)
    yield from (f"tile {index} of level {level} covers entries that are not there" for level, index in tiles)
    yield from (f"the checkpoint of size {size} covers entries that are not there" for size in kept)
    if (head.size, head.counter, head.frontier) != (replay.size, replay.counter, frontier.to_bytes()):
        yield f"the ledger's head says {head.size} entries and {head.counter} reports, its entries make another root"
    if head.minute != replay.minute:
        yield "the ledger's head says another minute than its last entry"


def recount() -> int:
    """The counter as the entries alone tell it, by their kinds."""
    kinds = db.session.execute(select(Entry.kind, func.count()).group_by(Entry.kind)).all()
    return sum(CHANGE[kind] * rows for kind, rows in kinds)


def _tiles() -> dict[tuple[int, int], tuple[bytes, int]]:
    found = db.session.execute(select(Tile.level, Tile.index, Tile.hash, Tile.counter))
    return {(level, index): (hash_, counter) for level, index, hash_, counter in found}


def _checkpoint_faults(checkpoint: Checkpoint | None, replay: Replay, frontier: Frontier) -> Iterator[str]:
    """Where a published checkpoint says something else than the entries so far, or than the key has signed."""
    if checkpoint is None:
        return
    if (checkpoint.root, checkpoint.counter) != (frontier.root(), replay.counter):
        yield f"the checkpoint of size {checkpoint.size} does not fit the entries"
    elif not checkpoint.is_what_was_signed:
        yield f"the checkpoint of size {checkpoint.size} is not what this instance's key has signed"
