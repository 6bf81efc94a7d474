"""The last count, as pages and file tell it."""

from datetime import datetime
from typing import Any, Self

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.kit import clock

ONLY = 1  # the number of the one row


class Account(Model):
    """What was counted, all of it at one moment. It names nobody who is not named on the site."""

    __tablename__ = "transparency"

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON)  # Any: JSON values

    @classmethod
    def last(cls) -> Self | None:
        return db.session.get(cls, ONLY)

    @classmethod
    def keep(cls, numbers: dict[str, Any]) -> Self:  # Any: JSON values
        """Put a new count in the place of the last one."""
        return db.session.merge(cls(id=ONLY, counted_at=clock.now(), numbers=numbers))
