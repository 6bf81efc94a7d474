"""A sealing: what is left of a proposal at the moment when it leaves the house."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, case, func, select

from app.extensions import db, paged
from app.handover import generalise, manifest
from app.handover.generalise import Extract, Row
from app.handover.models import undelivered
from app.handover.models.record import Record
from app.handover.periods import of_day
from app.handover.printed import Printed, level_of, printed
from app.handover.words import as_they_leave, has_words
from app.ledger.models import Entry
from app.reports.models import Report, State

PAGE = 5_000

Said = tuple[str, int, bool]  # a period, how many symptoms, whether words: what may become less


@dataclass(slots=True)
class Sealing:
    """The records of a proposal whose reports still say what they said, and what becomes of them."""

    handover_id: int
    unit: int
    k: int
    records: int = 0
    rows: dict[int, Row] = field(default_factory=dict)
    mentions: dict[int, int] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)  # as they were told: what leaves is blacked out when printed
    before: dict[int, Said] = field(default_factory=dict)
    extract: Extract = field(default_factory=lambda: Extract(0, 0))

    @classmethod
    def of(cls, handover_id: int, *, unit: int, k: int) -> Self:
        """Read them; who sealed holds the ledger's head, so nobody changes a report meanwhile."""
        made = cls(handover_id, unit, k)
        made.records = db.session.scalar(select(func.count()).select_from(Record).where(_mine(handover_id))) or 0
        for row, mentions, words in _standing(handover_id):
            made.rows[row.report], made.mentions[row.report], made.before[row.report] = row, mentions, _said(row)
            if words:
                made.words[row.report] = words
        return made

    def close(
        self, besides: Sequence[Mapping[str, int]], coarser_before: Mapping[str, int], chance: random.Random
    ) -> bool:
        """Make every invariant hold on what is left; whether anything is."""
        self.extract = generalise.regroup(self.rows.values(), unit=self.unit, k=self.k, chance=chance)
        hidden = [Counter(one) + Counter(coarser_before) for one in besides]
        generalise.close(self.extract, hidden, chance)
        return bool(self.extract.cells)

    def keep(self) -> Mapping[str, int]:
        """Note what is handed over; the others wait again. Answers how many are labelled coarser than each period."""
        kept = {row.report for row in self.extract.rows()}
        mine = db.session.scalars(select(Record.report_id).where(_mine(self.handover_id)))
        Record.drop([report for report in mine if report not in kept])
        Record.change(row for row in self.extract.rows() if _said(row) != self.before[row.report])
        return generalise.coarser(self.extract.rows())

    def facts(self) -> manifest.Facts:
        return _facts(self.handover_id, self.extract, sum(self.mentions[row.report] for row in self.extract.rows()))

    def printed(self, chance: random.Random) -> list[Printed]:
        """The rows as the files have them, in no order that says anything."""
        words = self.words
        rows = [
            printed(*row.label, row.symptoms, as_they_leave(words[row.report]) if row.has_words else "")
            for row in self.extract.rows()
        ]
        chance.shuffle(rows)
        return rows


def facts_of(handover_id: int, *, unit: int, k: int) -> manifest.Facts:
    """What a manifest would say of the records of a handover as they are."""
    found = list(_standing(handover_id))
    extract = manifest.regrouped((row for row, _, _ in found), unit=unit, k=k)
    return _facts(handover_id, extract, sum(mentions for _, mentions, _ in found))


def _facts(handover_id: int, extract: Extract, mentions: int) -> manifest.Facts:
    levels = {area: level_of(area) for area, _ in extract.cells}
    waiting = undelivered.count_waiting() + _left_out(handover_id, extract)
    return manifest.of_rows(extract, manifest.Told(levels, mentions, waiting))


def _left_out(handover_id: int, extract: Extract) -> int:
    """How many of its records belong to reports that count and are not in the extract: when it leaves they wait on."""
    mine = select(func.count()).select_from(Record).join(Report, Report.id == Record.report_id)
    counted = db.session.scalar(mine.where(_mine(handover_id), Report.state == State.COUNTED)) or 0
    return counted - sum(len(rows) for rows in extract.cells.values())


def _standing(handover_id: int) -> Iterator[tuple[Row, int, str]]:
    """Each record whose report still counts, says what it said and lies where it lay: row, symptoms, words."""
    columns: tuple[Any, ...] = (  # Any: columns of any type
        Record.report_id,
        Record.area_id,
        Record.period,
        Record.symptoms,
        Record.has_words,
        Record.commitment_seq,
        Report.symptoms,
        Report.place_id,
        Report.district_id,
        case((Record.has_words, Report.text), else_=""),
        Report.text_state,
        Entry.kind,
        Entry.minute,
        Entry.claimed_day,
    )
    still = and_(Report.state == State.COUNTED, Report.commitment_seq.is_not_distinct_from(Record.commitment_seq))
    asked = (
        select(*columns)
        .join(Report, Report.id == Record.report_id)
        .join(Entry, Entry.seq == Report.entry_seq)
        .where(_mine(handover_id), still)
    )
    around = undelivered.levels_around()
    for report, area, label, shown, spoke, version, told, place, district, text, state, *when in paged(asked, PAGE):
        if area not in around(place, district):
            continue  # its place was decided anew since
        words = text if has_words(text, state) else ""
        row = Row(
            report=report,
            path=(),
            periods=of_day(undelivered.day_of(*when)),
            symptoms=shown,
            has_words=bool(spoke and words),
            version=version,
            label=(area, label),
        )
        yield row, len(set(told)), words


def _said(row: Row) -> Said:
    return row.label[1], len(row.symptoms), row.has_words


def _mine(handover_id: int) -> ColumnElement[bool]:
    return Record.handover_id == handover_id
