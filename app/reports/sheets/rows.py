"""Reads a form's table row by row: each becomes a report's answers or a fault that says why not."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.kit import clock
from app.reports.sheets.answers import fold_answers, fold_text, split_answers, tidy, word_finder
from app.reports.sheets.dates import DateOrder, NoTime, needs_order, parse_time
from app.reports.sheets.dialect import Record, read_records
from app.reports.sheets.errors import DateOrderNeeded
from app.reports.sheets.mapping import Columns, Mapping
from app.web.moving import Fault

LONGEST = {  # characters
    "place": 120,
    "district": 120,
    "symptoms": 2000,
    "device": 120,
    "hotline": 300,
    "text": 2000,
}

KEYED = ("told_at", "place", "symptoms", "district", "device", "hotline", "text")  # what tells a row from another


@dataclass(frozen=True, slots=True)
class Row:
    """What one person answered.

    `line` is where the row begins in the file, `told_at` is UTC, `place` is "town, region" where the file has a
    column of regions, `symptoms` are keys of the mapping,
    `hotline` is a key of the mapping or what was written, and `text` ends with the answers that are no known
    symptom. `key` is the same each time this row is read, from whichever of a form's exports it comes.
    """

    line: int
    told_at: datetime
    place: str
    district: str
    symptoms: tuple[str, ...]
    hotline: str
    device: str
    text: str
    key: str


class Refused(Exception):
    """A row cannot be a report; `field` is the answer at fault, or "" for the whole row."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def read(path: Path, mapping: Mapping, date_order: DateOrder | None = None) -> Iterator[Row | Fault]:
    """Every row of the file, in order. Raises UnreadableFile and DateOrderNeeded before the first one."""
    header, *records = read_records(path, mapping.missing)
    positions = mapping.positions(header.cells)
    if date_order is None:
        _refuse_unordered_dates(records, positions)
    return _Reader(mapping, header.cells, positions, date_order).rows(records)


def _refuse_unordered_dates(records: list[Record], positions: dict[str, int]) -> None:
    for record in records:
        told_at = _cells_joined(record, positions, "told_at", "time")
        if needs_order(told_at):
            raise DateOrderNeeded(record.line, told_at)


def _cells_joined(record: Record, positions: dict[str, int], *fields: str, joint: str = " ") -> str:
    """What the columns of these answers say, one after the other."""
    places = (positions[field] for field in fields if field in positions)
    return joint.join(filter(None, (tidy(record.cells[at]) for at in places if at < len(record.cells))))


class _Reader:
    """One reading of one file; it counts equal rows, so that each keeps a key of its own."""

    def __init__(
        self, mapping: Mapping, header: tuple[str, ...], positions: dict[str, int], order: DateOrder | None
    ) -> None:
        self._zone = mapping.zone
        self._symptoms = mapping.symptom_options
        self._finders = {key: word_finder(words) for key, words in mapping.symptom_words.items()}
        self._default = (mapping.default_symptom,) if mapping.default_symptom else ()
        self._hotline = mapping.hotline_options
        self._header = header
        self._positions = positions
        self._order = order
        self._now = clock.now()
        self._seen: Counter[str] = Counter()

    def rows(self, records: list[Record]) -> Iterator[Row | Fault]:
        for record in records:
            try:
                yield self._row(record)
            except Refused as refusal:
                yield Fault(record.line, self._column(refusal.field), str(refusal))

    def _row(self, record: Record) -> Row:
        cells = self._cells(record)
        told_at = self._told_at(cells["told_at"])
        picked, other = split_answers(cells["symptoms"], self._symptoms)
        symptoms = picked + self._in_words(cells["text"], picked)
        if not (cells["place"] or symptoms or other or (cells["text"] and self._default)):
            raise Refused("", "The row says neither where nor what.")
        text = "\n".join(filter(None, (cells["text"], other)))
        _refuse_overlong({"text": text})
        return Row(
            line=record.line,
            told_at=told_at,
            place=cells["place"],
            district=cells["district"],
            symptoms=symptoms or self._default,
            hotline=self._hotline.get(fold_answers(cells["hotline"]), cells["hotline"]),
            device=cells["device"],
            text=text,
            key=self._key(told_at, cells),
        )

    def _cells(self, record: Record) -> dict[str, str]:
        width = len(self._header)
        if len(record.cells) < width or any(cell.strip() for cell in record.cells[width:]):
            raise Refused("", f"The row has {len(record.cells)} cells, the header {width}.")
        empty = dict.fromkeys(Columns.model_fields, "")
        cells = empty | {field: tidy(record.cells[at]) for field, at in self._positions.items()}
        cells["told_at"] = _cells_joined(record, self._positions, "told_at", "time")
        if cells["place"]:
            cells["place"] = _cells_joined(record, self._positions, "place", "region", joint=", ")
        _refuse_overlong(cells)
        return cells

    def _in_words(self, text: str, picked: tuple[str, ...]) -> tuple[str, ...]:
        """The symptoms of which the text speaks in the mapping's words, those left out that were picked."""
        folded = fold_text(text)
        return tuple(key for key, finder in self._finders.items() if key not in picked and finder.search(folded))

    def _told_at(self, cell: str) -> datetime:
        try:
            told_at = parse_time(cell, self._zone, self._order)
        except NoTime as error:
            raise Refused("told_at", str(error)) from error
        if told_at > self._now:
            raise Refused("told_at", f'"{cell[:40]}" lies in the future.')
        return told_at

    def _key(self, told_at: datetime, cells: dict[str, str]) -> str:
        """SHA-256 over what was answered and how many equal rows came before.

        It rests on the answers as written, not on what the mapping makes of them, so a better mapping
        does not import the same rows again.
        """
        told = {field: cells[field] for field in KEYED}
        same = told | {"told_at": told_at.isoformat(), "symptoms": fold_answers(cells["symptoms"])}
        content = json.dumps(same, sort_keys=True, ensure_ascii=False)
        self._seen[content] += 1
        return sha256(f"{content}#{self._seen[content]}".encode()).hexdigest()

    def _column(self, field: str) -> str:
        return self._header[self._positions[field]] if field in self._positions else ""


def _refuse_overlong(cells: dict[str, str]) -> None:
    for field, cell in cells.items():
        if len(cell) > LONGEST.get(field, len(cell)):
            raise Refused(field, f"{len(cell)} characters are more than {LONGEST[field]}.")
