"""Bringing in reports that were told elsewhere: each once, counted, with the told day as a claim."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import select

from app.extensions import db
from app.kit import tokens
from app.reports.models import Report, Told
from app.reports.models.arrival import bring_in
from app.reports.models.report import receipt_of
from app.reports.sheets import Fault, Row
from app.spam.batch import Batch

BATCH = 200  # rows a transaction: few enough that people who report meanwhile hardly wait


@dataclass(slots=True)
class Tally:
    """What became of the rows."""

    imported: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.imported + self.known + len(self.faults)


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
        for row in () if is_dry else fresh:
            bring_in(_told(row), _key(row), seen)
        db.session.commit()
        db.session.expunge_all()
        tally.imported, tally.known = tally.imported + len(fresh), tally.known + len(known)
        yield len(batch)


def _known(rows: list[Row]) -> set[str]:
    """The keys among these rows that are here already."""
    by_hash = {tokens.digest(receipt_of(_key(row))): row.key for row in rows}
    found = db.session.scalars(select(Report.receipt_hash).where(Report.receipt_hash.in_(by_hash)))
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
