"""Fingerprints of texts, by which a repeated one is known without being kept."""

import hashlib
import re
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.spam.models.upsert import insert_into

KEPT_FOR = timedelta(days=14)
SHORTEST = 40  # "Bei mir auch!" is said by many honest people


class Fingerprint(Model):
    """How often a text came, known only by its hash."""

    __tablename__ = "fingerprint"

    hash: Mapped[str] = mapped_column(primary_key=True)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    count: Mapped[int]

    @classmethod
    def note(cls, text: str, now: datetime) -> int:
        """Remember a text once more and tell how often it came before; 0 for texts too short to tell.

        Called in the transaction that stores the text, so that a key sent twice counts once.
        """
        plain = normalised(text)
        if len(plain) < SHORTEST:
            return 0
        row = insert_into(cls).values(hash=_digest(plain), first_seen_at=now, count=1)
        upsert = row.on_conflict_do_update(index_elements=["hash"], set_={"count": cls.count + 1})
        return int(db.session.execute(upsert.returning(cls.count)).scalar_one()) - 1

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Delete every text that first came more than `KEPT_FOR` ago; how many."""
        old = delete(cls).where(cls.first_seen_at < now - KEPT_FOR)
        return len(db.session.execute(old.returning(cls.hash)).all())


def normalised(text: str) -> str:
    """The letters and digits of a text in lower case, so that spacing makes no other text of it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", folded)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
