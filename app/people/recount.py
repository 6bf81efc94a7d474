"""Whether an organisation has lapsed, as the ledger's entries about its proofs tell it, held against its row."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db, paged
from app.ledger.models import Entry, Kind
from app.people.models.organisation import Organisation

BATCH = 1000
MINUTE = timedelta(minutes=1)
BEGIN = frozenset({Kind.ORGANISATION_PROVEN, Kind.ORGANISATION_FAILING})  # what is missing counts for its grace
END = frozenset({Kind.ORGANISATION_LAPSED, Kind.ORGANISATION_ENDED})


def faults() -> Iterator[str]:
    """Each organisation whose row says another thing than the ledger: lapsed or not, and since which minute."""
    told = _lapses()
    for one in db.session.scalars(select(Organisation).order_by(Organisation.id)):
        entry = told.get(one.slug)
        if (entry is None) != (one.lapsed_at is None):
            says = "has lapsed" if one.lapsed_at else "has not lapsed"
            yield f"organisation {one.slug} {says}, the ledger says otherwise"
        elif entry and one.lapsed_at and not _is_of(entry, one.lapsed_at.replace(second=0, microsecond=0)):
            yield f"organisation {one.slug} has lapsed in another minute than entry {entry.seq} says"


def _lapses() -> dict[str, Entry]:
    """By organisation the entry with which the last of its proofs ended, where none counts now."""
    counting: defaultdict[str, set[str]] = defaultdict(set)
    lapses: dict[str, Entry] = {}
    about = select(Entry).where(Entry.kind.in_(BEGIN | END)).order_by(Entry.seq)
    for (entry,) in paged(about, BATCH):
        slug, _, proof = (entry.subject or "").removeprefix("organisation:").partition("/")
        if entry.kind in BEGIN:
            counting[slug].add(proof)
            lapses.pop(slug, None)
        else:
            counting[slug].discard(proof)
            if not counting[slug]:
                lapses.setdefault(slug, entry)
    return lapses


def _is_of(entry: Entry, minute: datetime) -> bool:
    """Whether it was written then: the row a breath later, or its minute stood still as the clock went back."""
    if minute in {entry.minute, entry.minute + MINUTE}:
        return True
    before = db.session.get(Entry, entry.seq - 1) if entry.seq else None
    return before is not None and before.minute == entry.minute and minute < entry.minute
