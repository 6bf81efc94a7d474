"""How often something came lately, known by its hash only."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import String, case, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.spam.models.upsert import insert_into

KEPT_FOR = timedelta(hours=24)


class RecentTally(Model):
    """How often one thing, a set of answers or a place, came within its window of time."""

    __tablename__ = "recent_tally"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @classmethod
    def note(cls, kind: str, value: str, window: timedelta, now: datetime) -> int:
        """Count one more of a kind; how many came earlier within the window, which is then counted from anew.

        Whoever notes several in one transaction notes the place first, then the answers, then the text: so nobody
        waits for somebody who waits for them.
        """
        minute = now.replace(second=0, microsecond=0)
        is_over = cls.began_at <= minute - window
        row = insert_into(cls).values(hash=_digest(kind, value), count=1, began_at=minute)
        more = row.on_conflict_do_update(
            index_elements=["hash"],
            set_={
                "count": case((is_over, 1), else_=cls.count + 1),
                "began_at": case((is_over, row.excluded.began_at), else_=cls.began_at),
            },
        )
        return int(db.session.execute(more.returning(cls.count)).scalar_one()) - 1

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Delete what began more than `KEPT_FOR` ago; how many."""
        old = select(cls.hash).where(cls.began_at < now - KEPT_FOR).with_for_update(skip_locked=True)
        return len(db.session.execute(delete(cls).where(cls.hash.in_(old)).returning(cls.hash)).all())


def _digest(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}\0{value}".encode("utf-8", "replace")).hexdigest()
