"""The ledger: one row for each thing that moves the counter or must not be dated back; never changed or removed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from sqlalchemy import Index, LargeBinary, String, event, insert, select
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.extensions import Model, UtcDateTime, db, state_column, table_of
from app.ledger.merkle import leaf_hash
from app.ledger.models.commitment import canonical
from app.ledger.models.head import Head, Leaf


class Kind(StrEnum):
    """What an entry says."""

    COUNTED = "counted"
    IMPORTED = "imported"
    UNCOUNTED = "uncounted"
    RECOUNTED = "recounted"
    CORRECTED = "corrected"
    HANDOVER = "handover"
    GUEST_VERIFIED = "guest-verified"
    GUEST_REVOKED = "guest-revoked"
    PUBLISHED = "published"
    ORGANISATION_CALLED = "organisation-called"
    ORGANISATION_PROVEN = "organisation-proven"
    ORGANISATION_FAILING = "organisation-failing"
    ORGANISATION_LAPSED = "organisation-lapsed"
    ORGANISATION_ENDED = "organisation-ended"


class Reason(StrEnum):
    """Why a report was taken out of the count; public."""

    SPAM = "spam"
    DUPLICATE = "duplicate"
    TEST = "test"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


CHANGE = dict.fromkeys(Kind, 0) | {Kind.COUNTED: 1, Kind.IMPORTED: 1, Kind.UNCOUNTED: -1, Kind.RECOUNTED: 1}


class AppendOnly(Exception):
    """Somebody tried to change or remove what was written."""


class Unwritten(NamedTuple):
    """What an entry is to say; its place, its minute and its leaf come with the writing."""

    kind: Kind
    commitment: bytes | None = None
    reason: Reason | None = None
    claimed_day: date | None = None
    subject: str | None = None


class Written(NamedTuple):
    """Where an entry stands, and what the ledger counts after it."""

    seq: int
    counter: int


class Entry(Model):
    """One line of the ledger. It carries no fact about a person, only a commitment; of times it says the minute."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_minute", "minute", "seq"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Kind] = mapped_column(state_column(Kind, "kind"))
    minute: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[Reason | None] = mapped_column(state_column(Reason, "reason"))
    claimed_day: Mapped[date | None]
    commitment: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    subject: Mapped[str | None] = mapped_column(String(200))
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32))

    @classmethod
    def append(
        cls,
        kind: Kind,
        *,
        minute: datetime,
        commitment: bytes | None = None,
        reason: Reason | None = None,
        claimed_day: date | None = None,
        subject: str | None = None,
    ) -> Self:
        """Write the next entry in the caller's transaction; other writers wait until it ends.

        No entry is older than the one before it: should the clock go back, the minute stands still.
        """
        seq = cls.append_all([Unwritten(kind, commitment, reason, claimed_day, subject)], minute=minute)[0].seq
        return db.session.get_one(cls, seq)

    @classmethod
    def append_all(cls, entries: Sequence[Unwritten], *, minute: datetime) -> list[Written]:
        """Write the next entries, in this order; as `append`."""
        if not entries:
            return []
        head = Head.take()
        minute = head.not_before(minute.replace(second=0, microsecond=0))
        rows = [one._asdict() | {"seq": seq, "minute": minute} for seq, one in enumerate(entries, head.size)]
        for row in rows:
            row["leaf"] = leaf_hash(canonical(_fields(row)))
        counters = head.grow([Leaf(row["leaf"], CHANGE[row["kind"]]) for row in rows], minute)
        db.session.execute(APPEND, rows)
        return [Written(row["seq"], counter) for row, counter in zip(rows, counters, strict=True)]

    def fields(self) -> dict[str, Any]:  # Any: JSON values
        """What the entry says, as its leaf covers it: seq, kind, minute and whatever else it has."""
        return _fields({name: getattr(self, name) for name in ("seq", "minute", *Unwritten._fields)})

    def line(self) -> dict[str, Any]:  # Any: JSON values
        """The entry as the outside reads it: its fields and its leaf."""
        return self.fields() | {"leaf": self.leaf.hex()}

    @property
    def is_what_was_written(self) -> bool:
        """Whether the row still makes the leaf that was hashed when it was written."""
        return leaf_hash(canonical(self.fields())) == self.leaf


APPEND = insert(table_of(Entry))


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:  # Any: columns' values, then JSON values
    said = {
        "seq": row["seq"],
        "kind": row["kind"].value,
        "minute": f"{row['minute']:%Y-%m-%dT%H:%MZ}",
        "reason": row["reason"].value if row["reason"] else None,
        "claimed_day": row["claimed_day"].isoformat() if row["claimed_day"] else None,
        "commitment": row["commitment"].hex() if row["commitment"] else None,
        "subject": row["subject"],
    }
    return {name: value for name, value in said.items() if value is not None}


def entry_subject(seq: int) -> str:
    """How one entry names another one."""
    return f"entry:{seq}"


def entries(start: int, end: int) -> list[Entry]:
    """The entries from `start` up to, without, `end`."""
    found = select(Entry).where(Entry.seq >= start, Entry.seq < end).order_by(Entry.seq)
    return list(db.session.scalars(found))


@event.listens_for(Entry, "before_update")
@event.listens_for(Entry, "before_delete")
def _refuse(_mapper: Mapper[Entry], _connection: object, entry: Entry) -> None:
    raise AppendOnly(f"ledger entry {entry.seq} is written and stays as it is")
