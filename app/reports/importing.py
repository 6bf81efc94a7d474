"""Bringing in reports that were told elsewhere: each once, counted, with the told day as a claim."""

from collections.abc import Collection, Iterator
from itertools import islice

from sqlalchemy import select

from app.config import campaign
from app.extensions import db
from app.kit import tokens
from app.reports.models import Erasure, Report, Told
from app.reports.models.arrival import bring_in
from app.reports.models.report import receipt_of
from app.reports.sheets import Mapping, Row
from app.spam.batch import Batch
from app.web.moving import Fault, Tally

BATCH = 200  # rows a transaction: few enough that people who report meanwhile hardly wait


class UnknownSymptom(Exception):
    """The mapping gives rows a symptom that the campaign does not have; the message names it."""

    def __init__(self, unknown: Collection[str], known: Collection[str]) -> None:
        super().__init__(
            f"The campaign has no symptom {', '.join(sorted(unknown))}, of which the mapping speaks; "
            f"it has {', '.join(sorted(known))}. Add it to instance/campaign.toml, or change the mapping."
        )


def require_symptoms(mapping: Mapping) -> None:
    """Raise UnknownSymptom unless the campaign has every symptom of the mapping, as no page could name it."""
    known = campaign().symptom_keys
    if unknown := set(mapping.symptom_keys) - known:
        raise UnknownSymptom(unknown, known)


def import_rows(rows: Iterator[Row | Fault], tally: Tally, *, is_dry: bool) -> Iterator[int]:
    """Import the rows batch by batch, committing each; yields how many rows each batch had.

    A row's key is made from what it says, so that the same file brings nothing the second time.
    """
    seen = Batch()
    while batch := list(islice(rows, BATCH)):
        tally.faults += [one for one in batch if isinstance(one, Fault)]
        told = [one for one in batch if isinstance(one, Row)]
        known = _known(told)
        fresh = [row for row in told if row.key not in known]
        if not is_dry:
            bring_in([(_told(row), _key(row)) for row in fresh], seen)
        db.session.commit()
        tally.imported, tally.known = tally.imported + len(fresh), tally.known + len(known)
        yield len(batch)


def _known(rows: list[Row]) -> set[str]:
    """The keys among these rows that are here already, or were here and are erased: those do not come back."""
    by_hash = {tokens.digest(receipt_of(_key(row))): row.key for row in rows}
    found = set[str]()
    for table in (Report, Erasure):
        found |= set(db.session.scalars(select(table.receipt_hash).where(table.receipt_hash.in_(by_hash))))
    return {by_hash[one] for one in found}


def _key(row: Row) -> str:
    return f"import:{row.key}"


def _told(row: Row) -> Told:
    return Told(
        symptoms=row.symptoms,
        place=row.place,
        district=row.district,
        hotline=row.hotline,
        device=row.device,
        text=row.text,
        claimed_at=row.told_at,
    )
