"""How often something came lately, known by its hash only."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime


class RecentTally(Model):
    """How often one thing, a set of answers or a place, came within its window of time."""

    __tablename__ = "recent_tally"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
