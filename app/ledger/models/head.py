"""The one row that every writer takes first: it keeps the sequence gapless, the counter and the root at hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, LargeBinary, SmallInteger, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import Model, UtcDateTime, db, table_of
from app.ledger.merkle import Frontier
from app.ledger.models.tile import HEIGHT, Tile


class Leaf(NamedTuple):
    """The hash of one more entry, and by how much it moves the counter."""

    hash: bytes
    change: int


class Head(Model):
    """How long the ledger is, what it counts, and the hashes from which its root follows."""

    __tablename__ = "ledger_head"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("counter >= 0", name="counter"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(default=0)
    counter: Mapped[int] = mapped_column(default=0)
    minute: Mapped[datetime | None] = mapped_column(UtcDateTime)
    frontier: Mapped[bytes] = mapped_column(LargeBinary, default=b"")

    @staticmethod
    def take() -> "Head":
        """The row, locked until the caller's transaction ends; SQLite's writers hold their lock already."""
        db.session.flush()
        return db.session.scalars(TAKEN).one()

    @staticmethod
    def now() -> "Head":
        """The row as it stands, locked by nobody."""
        return db.session.scalars(THE_ONE).one()

    @property
    def root(self) -> bytes:
        """The Merkle root over all entries; 32 bytes."""
        return Frontier.from_bytes(self.size, self.frontier).root()

    def not_before(self, minute: datetime) -> datetime:
        """The minute, or the last entry's if that one is later."""
        return max(minute, self.minute) if self.minute else minute

    def grow(self, leaves: Sequence[Leaf], minute: datetime) -> list[int]:
        """Take more leaves in, and keep the hash of every tile that they fill; the counter after each of them."""
        frontier, counter, after = Frontier.from_bytes(self.size, self.frontier), self.counter, list[int]()
        for leaf in leaves:
            frontier, filled = frontier.push(leaf.hash)
            counter += leaf.change
            after.append(counter)
            for node in filled:
                if node.level % HEIGHT == 0:
                    db.session.add(Tile(level=node.level, index=node.index, hash=node.hash, counter=counter))
        self._stand(size=frontier.size, counter=counter, minute=minute, frontier=frontier.to_bytes())
        return after

    def _stand(self, **values: Any) -> None:  # Any: columns' values
        """Write the row at once, not by a flush, which looks at all that the session holds."""
        db.session.execute(STAND, values)
        for name, value in values.items():
            set_committed_value(self, name, value)


# built once: every writer takes the row, and building a statement costs more than carrying it out
THE_ONE = select(Head).where(Head.id == 1).execution_options(populate_existing=True)
TAKEN = THE_ONE.with_for_update()
COUNTER = select(Head.counter)
STAND = update(table_of(Head)).where(table_of(Head).c.id == 1)


def counter() -> int:
    """How many reports count now."""
    return db.session.scalar(COUNTER) or 0
