"""A ledger that fell behind what it had published, because an older backup was accepted; said in public."""

from datetime import datetime
from typing import Self

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.kit import clock
from app.ledger import outside
from app.ledger.models.head import Head
from app.ledger.note import Checkpoint


class Recovery(Model):
    """One restore from a backup that was older than a published checkpoint."""

    __tablename__ = "ledger_recovery"

    id: Mapped[int] = mapped_column(primary_key=True)
    restored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size: Mapped[int]  # entries that the backup had
    counter: Mapped[int]
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    lost_size: Mapped[int]  # entries of the newest checkpoint that was published before
    lost_counter: Mapped[int]
    lost_root: Mapped[bytes] = mapped_column(LargeBinary(32))

    @classmethod
    def admit(cls, lost: Checkpoint) -> Self:
        """Say in public that the ledger goes on from where it stands, and which checkpoint it does not continue."""
        head = Head.take()
        made = cls(
            restored_at=clock.minute(),
            size=head.size,
            counter=head.counter,
            root=head.root,
            lost_size=lost.size,
            lost_counter=lost.counter,
            lost_root=lost.root,
        )
        db.session.add(made)
        outside.tell(outside.RECOVERY, [f"{head.size} {clock.now():%Y-%m-%dT%H:%M:%SZ} {lost.root.hex()}"])
        return made

    @classmethod
    def all(cls) -> list[Self]:
        """Every one, the newest first."""
        return list(db.session.scalars(select(cls).order_by(cls.id.desc())))
