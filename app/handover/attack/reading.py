"""Reading a delivery's folder and believing nothing: hashes, whether the files say the same, what the manifest says."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.handover.attack.extract import Extract, Line
from app.handover.attack.sheet import Unreadable, read_sheet
from app.handover.files import guarded, unguarded
from app.handover.generalise import KINDS, LEAST_K, LEVELS
from app.handover.manifest import FIELDS
from app.handover.periods import kind

TABLE, SHEET, OBJECTS, MANIFEST = "records.csv", "records.xlsx", "records.json", "manifest.json"
SHOWN = 3  # rows of a file that are named one by one

Rows = list[tuple[str, ...]]


def read(folder: Path, usual_k: int) -> Extract:
    """A delivery with every fault of its files. `usual_k` is what one without a manifest has to hold.

    Raises Unreadable where there are no rows to attack.
    """
    held = {name: path.read_bytes() for name in (TABLE, SHEET, OBJECTS, MANIFEST) if (path := folder / name).is_file()}
    readers = {TABLE: _table, OBJECTS: _objects, SHEET: read_sheet}
    found = {name: reader(held[name]) for name, reader in readers.items() if name in held}
    if not found:
        raise Unreadable(f"{folder} holds no {TABLE}, {OBJECTS} or {SHEET}")
    facts = _facts(held.get(MANIFEST))
    k = facts.get("k", usual_k)
    made = Extract(str(folder), _lines(next(iter(found.values()))), k if isinstance(k, int) else usual_k, facts)
    made.faults = [*_file_faults(held, found, facts), *(_manifest_faults(made) if facts else ())]
    made.k, made.digest = max(made.k, LEAST_K), sha256(held.get(MANIFEST, b"")).hexdigest()
    return made


def _facts(content: bytes | None) -> dict[str, Any]:  # Any: JSON values
    try:
        said = json.loads(content) if content else {}
    except ValueError as error:
        raise Unreadable(f"{MANIFEST} is no JSON: {error}") from None
    return said if isinstance(said, dict) else {}


def _lines(rows: Rows) -> list[Line]:
    lines = []
    for row in rows:
        country, state, city, district, period, symptoms, text = row
        try:
            kind(period)
        except KeyError:
            raise Unreadable(f"{period!r} is no month, quarter or year") from None
        lines.append(Line((country, state, city, district), period, tuple(filter(None, symptoms.split(";"))), text))
    return lines


def _table(content: bytes) -> Rows:
    header, *rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True)) or [[]]
    if tuple(header) != FIELDS:
        raise Unreadable(f"{TABLE} begins with {','.join(header)}, not with {','.join(FIELDS)}")
    if any(len(row) != len(FIELDS) for row in rows):
        raise Unreadable(f"{TABLE} has rows that are longer or shorter than its header")
    return [tuple(map(unguarded, row)) for row in rows]


def _objects(content: bytes) -> Rows:
    rows = json.loads(content)
    if not isinstance(rows, list) or any(not isinstance(row, dict) or tuple(row) != FIELDS for row in rows):
        raise Unreadable(f"{OBJECTS} is no list of objects with the keys {', '.join(FIELDS)}")
    return [tuple(map(str, row.values())) for row in rows]


def _file_faults(held: dict[str, bytes], found: dict[str, Rows], facts: dict[str, Any]) -> Iterator[str]:
    hashes = facts.get("files", {})
    for name, said in sorted(hashes.items() if isinstance(hashes, dict) else ()):
        if name not in held:
            yield f"{name} is not there, the manifest speaks of it"
        elif sha256(held[name]).hexdigest() != said:
            yield f"{name} does not have the hash that the manifest says"
    if facts:
        yield from (f"the manifest has no hash of {name}" for name in found if name not in hashes)
    first, *others = found.items()
    yield from (f"{name} does not say the same as {first[0]}" for name, rows in others if rows != first[1])
    if TABLE in held:
        yield from _formulas(held[TABLE])


def _formulas(content: bytes) -> Iterator[str]:
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    risky = [number for number, row in enumerate(rows, 1) if any(guarded(unguarded(one)) != one for one in row)]
    yield from (f"{TABLE}, row {number}: a field may be taken for a formula" for number in risky[:SHOWN])
    if len(risky) > SHOWN:
        yield f"{TABLE}: {len(risky) - SHOWN} more rows with fields that may be taken for formulas"


def _manifest_faults(one: Extract) -> Iterator[str]:
    """Where the manifest says something else than the rows."""
    if one.k < LEAST_K:
        yield f"the manifest is content with groups of {one.k}; fewer than {LEAST_K} hide nobody"
    said = _recounted(one)
    for name, value in said.items():
        if name not in one.facts or one.facts[name] != value:
            yield f"the manifest says {name} {one.facts.get(name)}, the rows make {value}"


def _recounted(one: Extract) -> dict[str, Any]:  # Any: JSON values
    periods = Counter(kind(line.period) for line in one.lines)
    return {
        "rows": len(one.lines),
        "levels": {name: one.levels[name] for name in LEVELS},
        "periods": {name: periods[name] for name in KINDS},
        "cells": len(one.cells),
        "cells_with_counts_only": sum(not cell.sets for cell in one.cells.values()),
        "k_reached": min((cell.rows for cell in one.cells.values()), default=0),
        "l": min((len(cell.sets) for cell in one.cells.values() if cell.sets), default=None),
        "rows_with_words": sum(bool(line.text) for line in one.lines),
    }
