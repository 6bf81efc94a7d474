"""What has to outlive a lost machine and must not lie in its backups: `instance/erasures.log`.

A line of JSON for each erasure (`report`, `comment`, or `hand` of a forgotten device, with the hash under which
the database knows it: it tells nobody who that was), for each checkpoint that was published (`checkpoint` with its
signed note), and for each recovery. A line is on disk before the transaction that it tells of commits. So a crash
between the two leaves a line too many, never one too few: whoever asked for an erasure and got no answer has asked, and
a checkpoint that was signed may have been read.
"""

import json
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple, Self

from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, SessionTransaction

from app.config import settings
from app.extensions import db
from app.kit import clock
from app.kit.durable import append_lines

FILE = "erasures.log"
REPORT, COMMENT, HAND, CHECKPOINT, RECOVERY = "report", "comment", "hand", "checkpoint", "recovery"
_WAITING = "lines for outside"


class Unreadable(Exception):
    """A log holds something that the site never wrote into one."""


class Line(NamedTuple):
    """One line: the day, what it tells of, and the hash, the note, of a recovery the size and what tells it apart."""

    on: date
    kind: str
    value: str

    def __str__(self) -> str:
        return json.dumps({"on": self.on.isoformat(), self.kind: self.value}, ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Self:
        """The line of a text; raises ValueError, LookupError or TypeError when it is none."""
        said = json.loads(text)
        on = date.fromisoformat(said.pop("on"))
        ((kind, value),) = said.items()
        if kind not in {REPORT, COMMENT, HAND, CHECKPOINT, RECOVERY} or not isinstance(value, str):
            raise ValueError(kind)
        if kind == RECOVERY:
            int(value.split()[0])
        return cls(on, kind, value)

    @property
    def recovered_size(self) -> int:
        """How many entries a recovery went on from: whatever was published beyond them before is lost."""
        return int(self.value.split()[0])


def tell(kind: str, values: Iterable[str]) -> None:
    """Have lines on disk before the caller's transaction commits; they are dropped when it is rolled back."""
    waiting = db.session.info.setdefault(_WAITING, [])
    waiting.extend(Line(clock.today(), kind, value) for value in values)


def read(path: Path) -> list[Line]:
    """The lines of such a file in their order, without one that was torn in the writing; raises `Unreadable`."""
    found = []
    for number, text in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        if not text.endswith("}"):  # never finished, so what it was to tell of was never committed
            continue
        try:
            found.append(Line.read(text))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Unreadable(f"line {number} of {path} is none that this site writes") from error
    return found


class Told:
    """What lines of one kind have told so far, also since it was asked last."""

    def __init__(self, kind: str) -> None:
        self._kind, self._size, self._values = kind, 0, frozenset[str]()

    def among(self, values: Collection[str]) -> set[str]:
        """Those of them of which a line tells; raises `Unreadable` where that cannot be said."""
        path = settings().instance / FILE
        size = path.stat().st_size if path.exists() else 0
        if size != self._size:
            self._values = frozenset(line.value for line in read(path) if line.kind == self._kind)
            self._size = size
        return set(self._values.intersection(values))


@event.listens_for(Session, "before_commit")
def _write_ahead(session: Session) -> None:
    lines = session.info.pop(_WAITING, None)
    if not lines:
        return
    try:
        append_lines(settings().instance / FILE, map(str, lines))
    except OSError as error:  # an outage like that of the database: nothing is erased, the reader is told to try again
        raise OperationalError(f"write {FILE}", None, error) from error


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_WAITING, None)
