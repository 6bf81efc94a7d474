"""The handovers recounted: each is in the ledger as it was published, and its records are what it may say."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import func, select

from app.extensions import db, paged
from app.handover.generalise import KINDS
from app.handover.models.handover import Handover, State
from app.handover.models.record import Record
from app.handover.models.undelivered import day_of
from app.handover.periods import kind, of_day
from app.handover.printed import level_of
from app.ledger.models import Entry, Kind, counter_at, root_at
from app.reports.models import Report

PAGE = 5_000


def faults() -> Iterator[str]:
    """What is not as it was handed over, or says more than it may."""
    handovers = list(db.session.scalars(select(Handover).order_by(Handover.id)))
    told = {entry.seq: entry for entry in db.session.scalars(select(Entry).where(Entry.kind == Kind.HANDOVER))}
    for one in handovers:
        if one.state == State.RELEASED:
            yield from (f"handover {one.id} {fault}" for fault in _sealed(one, told.pop(one.entry_seq or -1, None)))
        elif one.entry_seq is not None or one.manifest:
            yield f"handover {one.id} is {one.state}, yet it was sealed"
    yield from (f"entry {seq} tells of a handover that is not there" for seq in told)
    if sum(one.state == State.PROPOSED for one in handovers) > 1:
        yield "more than one handover is proposed"
    yield from _records({one.id: one for one in handovers})


def _sealed(one: Handover, entry: Entry | None) -> Iterator[str]:
    """The entry names it and has the hash of its manifest, which says what the ledger was before."""
    if entry is None:
        yield "was released, and no entry says so"
        return
    if entry.subject != one.subject or entry.commitment != sha256(one.manifest.encode()).digest():
        yield f"is not what entry {entry.seq} tells of"
        return
    facts = one.facts
    if (facts["k"], facts["unit"], facts["to"]) != (one.k, one.unit, one.recipient):
        yield "is not what its manifest says"
    then = {"size": entry.seq, "root": root_at(entry.seq).hex(), "counter": counter_at(entry.seq)}
    if facts["ledger"] != then:
        yield "speaks of another ledger than the one before its entry"


def _records(handovers: dict[int, Handover]) -> Iterator[str]:
    """Erasures take records away, nothing adds one: there are never more than the manifest says, on no level."""
    levels: Counter[tuple[int, str]] = Counter()
    coarser: Counter[tuple[int, str]] = Counter()
    columns = (Record.report_id, Record.handover_id, Record.area_id, Record.period)
    asked = select(*columns, Entry.kind, Entry.minute, Entry.claimed_day).join(Report, Report.id == Record.report_id)
    joined = asked.join(Entry, Entry.seq == Report.entry_seq)
    seen = 0
    for report, handover, area, label, entry_kind, minute, claimed_day in paged(joined, PAGE):
        periods, seen = of_day(day_of(entry_kind, minute, claimed_day)), seen + 1
        if label not in periods:
            yield f"the record of report {report} says {label}, the ledger {periods[0]}"
            continue
        levels[handover, level_of(area)] += 1
        coarser.update((handover, period) for period in periods[: KINDS.index(kind(label))])
    if seen != db.session.scalar(select(func.count()).select_from(Record)):
        yield "there are records of reports that were never counted"
    yield from _too_many(handovers, levels, coarser)


def _too_many(
    handovers: dict[int, Handover], levels: Counter[tuple[int, str]], coarser: Counter[tuple[int, str]]
) -> Iterator[str]:
    for (id_, level), many in levels.items():
        one = handovers[id_]
        if one.state == State.DISCARDED:
            yield f"handover {id_} is discarded and has {many} records"
        elif one.state == State.RELEASED and many > one.facts["levels"][level]:
            yield f"handover {id_} has {many} records of the level {level}, its manifest says fewer"
    for (id_, period), many in coarser.items():
        if handovers[id_].state == State.RELEASED and many > handovers[id_].coarser.get(period, 0):
            yield f"handover {id_} hides {many} reports of {period} behind wider labels and remembers fewer"
