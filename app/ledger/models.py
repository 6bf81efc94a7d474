"""The ledger: one row for each thing that moves the counter, never changed, never removed.

A row carries no fact about a person, only a commitment: SHA-256(nonce ‖ record), where the record is canonical
JSON (UTF-8, sorted keys, no white space) and the nonce 32 random bytes kept beside the record. Who has both can show
what was counted; when they are erased, a hash without meaning stays and the numbering has no hole.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import CheckConstraint, LargeBinary, SmallInteger, event, func, select, update
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.extensions import Model, UtcDateTime, db, state_column

NONCE_BYTES = 32


class Kind(StrEnum):
    """What an entry says."""

    COUNTED = "counted"
    IMPORTED = "imported"
    UNCOUNTED = "uncounted"


class Reason(StrEnum):
    """Why a report was taken out of the count; public."""

    SPAM = "spam"
    DUPLICATE = "duplicate"
    TEST = "test"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


CHANGE = {Kind.COUNTED: 1, Kind.IMPORTED: 1, Kind.UNCOUNTED: -1}


class AppendOnly(Exception):
    """Somebody tried to change or remove what was written."""


class Head(Model):
    """The one row that every writer takes first: it keeps the sequence gapless and the counter at hand."""

    __tablename__ = "ledger_head"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("counter >= 0", name="counter"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(default=0)
    counter: Mapped[int] = mapped_column(default=0)


class Entry(Model):
    """One line of the ledger."""

    __tablename__ = "ledger_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Kind] = mapped_column(state_column(Kind, "kind"))
    minute: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[Reason | None] = mapped_column(state_column(Reason, "reason"))
    claimed_day: Mapped[date | None]
    commitment: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    @classmethod
    def append(
        cls,
        kind: Kind,
        *,
        minute: datetime,
        commitment: bytes | None = None,
        reason: Reason | None = None,
        claimed_day: date | None = None,
    ) -> Self:
        """Write the next entry in the caller's transaction; other writers wait until it ends."""
        size = _advance(CHANGE[kind])
        entry = cls(
            seq=size - 1,
            kind=kind,
            minute=minute.replace(second=0, microsecond=0),
            reason=reason,
            claimed_day=claimed_day,
            commitment=commitment,
        )
        db.session.add(entry)
        return entry


def commit_to(record: Mapping[str, Any], nonce: bytes) -> bytes:
    """SHA-256 over `nonce` (32 bytes) followed by the canonical JSON of `record`; 32 bytes."""
    canonical = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(nonce + canonical.encode()).digest()


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def counter() -> int:
    """How many reports count now."""
    return db.session.scalar(select(Head.counter)) or 0


def recount() -> int:
    """The counter as the entries alone tell it."""
    kinds = db.session.execute(select(Entry.kind, func.count()).group_by(Entry.kind)).all()
    return sum(CHANGE[kind] * rows for kind, rows in kinds)


def first_gap() -> int | None:
    """The first sequence number that is missing, or None when the ledger has no hole."""
    rows, last = db.session.execute(select(func.count(), func.max(Entry.seq)).select_from(Entry)).one()
    if rows == (-1 if last is None else last) + 1 and rows == db.session.scalar(select(Head.size)):
        return None
    seen = db.session.scalars(select(Entry.seq).order_by(Entry.seq))
    return next((expected for expected, seq in enumerate(seen) if expected != seq), rows)


def _advance(change: int) -> int:
    """Take the head row, as every writer must, and move it; the ledger's new size."""
    moved = (
        update(Head)
        .where(Head.id == 1)
        .values(size=Head.size + 1, counter=Head.counter + change)
        .returning(Head.size)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(moved).scalar_one()


@event.listens_for(Entry, "before_update")
@event.listens_for(Entry, "before_delete")
def _refuse(_mapper: Mapper[Entry], _connection: object, entry: Entry) -> None:
    raise AppendOnly(f"ledger entry {entry.seq} is written and stays as it is")
