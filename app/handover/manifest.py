"""The manifest: what a delivery says of itself. It names nobody and counts nobody out."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.handover.generalise import KINDS, Extract, Row
from app.handover.periods import kind

FIELDS = ("country", "state", "city", "district", "period", "symptoms", "text")

Facts = dict[str, Any]  # Any: JSON values


@dataclass(frozen=True, slots=True)
class Told:
    """What the rows of an extract do not say themselves."""

    levels: Mapping[str, str]  # an area to its level
    mentions: int  # symptoms that its reports named
    waiting: int  # counted reports that are in no delivery


def of_rows(extract: Extract, told: Told) -> Facts:
    """What follows from the rows: cells, levels, periods, what is suppressed."""
    rows = list(extract.rows())
    shown = sum(len(row.symptoms) for row in rows)
    sets = [_sets(cell) for cell in extract.cells.values()]
    hidden = told.mentions - shown
    return {
        "k": extract.k,
        "k_reached": min(map(len, extract.cells.values()), default=0),
        "l": min((len(one) for one in sets if one), default=None),
        "unit": extract.unit,
        "rows": len(rows),
        "levels": _counted((told.levels[row.label[0]] for row in rows), ("district", "city", "state", "country")),
        "periods": _counted((kind(row.label[1]) for row in rows), KINDS),
        "cells": len(extract.cells),
        "cells_with_counts_only": sum(1 for one in sets if not one),
        "waiting": told.waiting,
        "suppressed_values": hidden - hidden % extract.unit,  # an exact number would be a total to subtract from
        "rows_with_words": sum(row.has_words for row in rows),
        "fields": list(FIELDS),
    }


def regrouped(rows: Iterable[Row], *, unit: int, k: int) -> Extract:
    """The cells of rows as they are labelled, nothing changed."""
    cells = defaultdict[tuple[str, str], list[Row]](list)
    for row in rows:
        cells[row.label].append(row)
    return Extract(unit, k, dict(cells))


def at_minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def written(facts: Facts) -> bytes:
    """The manifest as it is published, whose hash stands in the ledger."""
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def _sets(cell: list[Row]) -> set[frozenset[str]]:
    return {frozenset(row.symptoms) for row in cell if row.symptoms}


def _counted(found: Iterable[str], names: Iterable[str]) -> dict[str, int]:
    """How many of each name, none left out."""
    counter = Counter(found)
    return {name: counter[name] for name in names}
