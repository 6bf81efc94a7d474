"""How often something came lately, known by its hash only."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.spam.models.upsert import count_up, earlier, within_window

KEPT_FOR = timedelta(hours=24)

Thing = tuple[str, str]
"""What kind is counted, and which one of it."""


class RecentTally(Model):
    """How often one thing, a set of answers or a place, came within its window of time."""

    __tablename__ = "recent_tally"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @classmethod
    def note_all(cls, things: Sequence[Thing], window: timedelta, now: datetime) -> list[int]:
        """Count one more of each; how many of it came earlier within the window, which is then counted from anew.

        Called before any `TextCluster.note_all`, by everybody, and the rows are taken in the order of their hashes: so
        nobody waits for somebody who waits for them.
        """
        minute = now.replace(second=0, microsecond=0)
        hashes = [_digest(*thing) for thing in things]
        rows = [
            {"hash": hash_, "count": count, "began_at": minute, "over_at": minute - window}
            for hash_, count in sorted(Counter(hashes).items())
        ]
        return earlier(hashes, count_up(cls, "hash", cls._one_more, rows))

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Delete what began more than `KEPT_FOR` ago; how many."""
        old = select(cls.hash).where(cls.began_at < now - KEPT_FOR).with_for_update(skip_locked=True)
        return len(db.session.execute(delete(cls).where(cls.hash.in_(old)).returning(cls.hash)).all())

    @staticmethod
    def _one_more(row: Any) -> Mapping[str, Any]:  # Any: columns and expressions of them
        return within_window(RecentTally, row)


def _digest(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}\0{value}".encode("utf-8", "replace")).hexdigest()
