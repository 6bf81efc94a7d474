"""Bringing in what a reader reads: each comment once, in its place, as far as readers may see it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from app.comments.importing.filling import fill
from app.comments.importing.placing import Missing, Placing
from app.comments.importing.row import Broken, Deleted, LeftOut, Mended, Read, Refused, Row, Thread, Why
from app.comments.importing.threads import Threads
from app.comments.models import State, imported
from app.comments.models.imported import Above
from app.comments.models.size import ThreadSize
from app.extensions import db
from app.ledger import outside
from app.web.moving import Fault, Tally

BEFORE_DAMAGE = (
    "It answers a comment that stands after the damage, if anywhere. Mend the file and import it again, so that it "
    "gets its place."
)
BATCH = 200  # rows a transaction: few enough that people who write meanwhile hardly wait


class Hidden(NamedTuple):
    """Where a file says that its old site shows a comment to nobody, and which one it is here."""

    line: int
    id: int


@dataclass(slots=True)
class Moved(Tally):
    """What became of the rows, and what was not brought in of those that were."""

    left_out: Counter[Why] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)  # of those that were
    held: int = 0  # of what waits for a person, because of the name
    orphans: int = 0  # that answer what readers do not see here
    stubs: int = 0  # of deleted ones that others answer
    nowhere: dict[Thread, Fault] = field(default_factory=dict)  # the first comment under each thread without a post
    lost: Counter[Thread] = field(default_factory=Counter)  # how many there are
    contrary: dict[str, Hidden] = field(default_factory=dict)  # readers see them here, and there nobody does
    mended: list[Mended] = field(default_factory=list)
    is_broken: bool = False

    @property
    def refused(self) -> int:
        return len(self.faults) + self.lost.total() - self.is_broken

    @property
    def read(self) -> int:
        return self.imported + self.known + self.refused + self.left_out.total()

    @property
    def is_vain(self) -> bool:
        return bool(self.refused) and not self.imported and not self.known


class Importer:
    """One import: what it has read and not yet stored, and in a dry run what it would have stored."""

    def __init__(self, threads: Threads, *, is_dry: bool) -> None:
        self.tally = Moved()
        self._threads, self._is_dry = threads, is_dry
        self._erased = outside.Told(outside.COMMENT)
        self._deleted: dict[str, Deleted] = {}
        self._early: list[Row] = []  # they stand before what they answer
        self._pretended: dict[str, Above] = {}

    def run(self, rows: Iterator[Read]) -> Iterator[int]:
        """Bring in batch after batch, committing each; yields how many rows each had."""
        while batch := list(islice(rows, BATCH)):
            self._bring_in(self._comments(batch))
            self._compare(batch)
            yield len(batch)
        self._again(is_last=not self.tally.is_broken)
        for row in self._early:
            self.tally.faults.append(Fault(row.line, "", BEFORE_DAMAGE))

    def _again(self, *, is_last: bool) -> None:
        """Once more what stood too early, below what it answers; at last also what answers nothing that there is.

        What answers a deleted comment is among it: further down the file may have that one with its words.
        """
        early, self._early = _in_order(self._early), []
        for start in range(0, len(early), BATCH):
            self._bring_in(early[start : start + BATCH], is_again=True, is_last=is_last)

    def _comments(self, batch: Iterable[Read]) -> list[Row]:
        """What can be a comment; what cannot is counted."""
        rows = []
        for one in batch:
            if isinstance(one, Row):
                rows.append(one)
            elif isinstance(one, Deleted):
                self._deleted[one.key] = one
                self.tally.left_out[Why.DELETED] += 1
            elif isinstance(one, Mended):
                self.tally.mended.append(one)
            elif isinstance(one, LeftOut):
                self.tally.left_out[one.why] += 1
            else:
                self.tally.is_broken |= isinstance(one, Broken)
                self.tally.faults.append(one)
        return rows

    def _compare(self, batch: Iterable[Read]) -> None:
        """Note what readers see here and the old site shows nobody any more: an import changes nothing that is here."""
        told = [one for one in batch if isinstance(one, Row | Deleted)]
        shown = imported.shown({one.key for one in told if not _is_open(one)})
        db.session.rollback()
        for one in told:
            if one.key in shown and not _is_open(one):
                self.tally.contrary[one.key] = Hidden(one.line, shown[one.key])
            elif isinstance(one, Row) and one.state is State.PUBLISHED:  # further down: it left the bin
                self.tally.contrary.pop(one.key, None)

    def _bring_in(self, rows: list[Row], *, is_again: bool = False, is_last: bool = False) -> None:
        """One transaction: their threads are taken, what is here is looked at, the others are stored."""
        sound = [(row, slug) for row in rows if (slug := self._slug_of(row))]
        if not self._is_dry:
            ThreadSize.take({slug for _, slug in sound})
        keys = {key for row, _ in sound for key in (row.key, row.parent) if key}
        here = imported.known(keys) | self._pretended.keys() & keys
        above = {**imported.above(keys), **{key: self._pretended[key] for key in self._pretended.keys() & keys}}
        stubs = {key for key, one in above.items() if one.is_stub}
        erased = self._erased.among(keys - here | stubs)  # asked last: a line is there before its comment is gone
        gone = {key: self._deleted[key] for key in (self._deleted.keys() & keys) - here} if is_again else {}
        placing = Placing(above, gone, is_last=is_last)
        known, kept_out, new = 0, 0, []
        for row, slug in sound:
            if placing.has(row.key) or (row.key in here and not placing.may_fill(row, slug)):
                known += 1
            elif row.key in erased and row.text:
                kept_out += 1
            elif self._is_placed(placing, row, slug):
                here.add(row.key)
                new.append(row)
        self._store(placing)
        db.session.commit()
        db.session.expunge_all()
        self._count(placing, known, new)
        self.tally.left_out += Counter({Why.ERASED: kept_out})

    def _is_placed(self, placing: Placing, row: Row, slug: str) -> bool:
        """Whether it has its place; else why not is noted, or it is put aside."""
        try:
            placing.place(row, slug)
        except Missing:
            self._early.append(row)
        except Refused as error:
            self.tally.faults.append(Fault(row.line, error.column, str(error)))
        else:
            return True
        return False

    def _store(self, placing: Placing) -> None:
        if self._is_dry:
            self._pretended |= placing.pretended()
            return
        if placing.placed:
            imported.store(placing.columns(imported.take_numbers(len(placing.placed))))
        for id_, columns in placing.filled:
            fill(id_, columns)

    def _count(self, placing: Placing, known: int, new: Iterable[Row]) -> None:
        """What is counted is stored, also where the next batch is interrupted."""
        for row in new:
            self.tally.imported += 1
            self.tally.beside.update(row.beside)
        self.tally.known += known
        self.tally.held += placing.held
        self.tally.states += placing.states
        self.tally.orphans += placing.orphans
        self.tally.stubs += placing.stubs

    def _slug_of(self, row: Row) -> str | None:
        slug = self._threads.slug_of(row.thread)
        if slug is None:
            self.tally.lost[row.thread] += 1
            self.tally.nowhere.setdefault(row.thread, Fault(row.line, "", row.thread.name))
        return slug


def _is_open(one: Row | Deleted) -> bool:
    """Whether its old site has it for everybody, or has not decided."""
    return isinstance(one, Row) and one.state in {State.PUBLISHED, State.WAITING}


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """Each below what it answers, where that is among them; at the end those of which the file has two."""
    rows = list(rows)
    first = {row.key: row for row in reversed(rows)}
    left = dict(first)
    ordered: list[Row] = []
    for row in rows:
        chain, one = [], left.pop(row.key, None)
        while one:
            chain.append(one)
            one = left.pop(one.parent, None) if one.parent else None
        ordered += reversed(chain)
    return ordered + [row for row in rows if row is not first[row.key]]
