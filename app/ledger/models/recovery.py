"""A ledger that fell behind what it had published, because an older backup was accepted; said in public."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime


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
