"""A preview: what would leave the house if a proposal were released now, for those who have to look at it first."""

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Self

from sqlalchemy import func, select

from app.extensions import db
from app.handover.files import Delivery
from app.handover.manifest import FIELDS, Facts
from app.handover.models import Handover, NothingToHandOver, Record
from app.handover.models.sealing import Sealing
from app.handover.printed import Printed

SHOWN = 25  # rows
NAMES = ("records.csv", "records.xlsx", "records.json")


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows as they would be printed, what the manifest would say of them, and how many have left since."""

    facts: Facts
    rows: list[Printed]
    departed: int

    @classmethod
    def of(cls, handover: Handover, chance: Random) -> Self | None:
        """None where so much has left that nothing can be handed over."""
        try:
            sealing = handover.outlook(chance)
        except NothingToHandOver:
            return None
        return cls(sealing.facts(), sealing.printed(chance), _departed(handover, sealing))

    @property
    def first(self) -> list[dict[str, str]]:
        return [row._asdict() for row in self.rows[:SHOWN]]

    @property
    def header(self) -> tuple[str, ...]:
        return FIELDS

    def file(self, name: str) -> bytes | None:
        """One of the files, made as the true one will be."""
        return Delivery.of(self.rows, self.facts).files[name] if name in NAMES else None


def _departed(handover: Handover, sealing: Sealing) -> int:
    """Reports that count no more or say something else; and of erased ones the gaps that they left in full units."""
    by_label = select(func.count()).where(Record.handover_id == handover.id).group_by(Record.area_id, Record.period)
    cells = Counter(db.session.scalars(by_label).all())
    erased = sum(-size % handover.unit * many for size, many in cells.items())
    return sealing.records - len(sealing.rows) + erased
