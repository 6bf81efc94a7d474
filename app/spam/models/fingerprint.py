"""Fingerprints of texts, by which a repeated one is known without being kept."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.spam.models.upsert import count_up, earlier

KEPT_FOR = timedelta(days=14)
SHORTEST = 40  # "Bei mir auch!" is said by many honest people


class Fingerprint(Model):
    """How often a text came, known only by its hash."""

    __tablename__ = "fingerprint"

    hash: Mapped[str] = mapped_column(primary_key=True)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    count: Mapped[int]

    @classmethod
    def note_all(cls, texts: Sequence[str], now: datetime) -> list[int]:
        """Remember each text once more and tell how often it came before; 0 for texts too short to tell.

        Called in the transaction that stores the texts, so that a key sent twice counts once. The rows are taken in
        the order of their hashes, so that nobody waits for somebody who waits for them.
        """
        hashes = [_known_by(text) for text in texts]
        long_enough = [hash_ for hash_ in hashes if hash_]
        rows = [{"hash": hash_, "first_seen_at": now, "count": n} for hash_, n in sorted(Counter(long_enough).items())]
        before = iter(earlier(long_enough, count_up(cls, "hash", cls._once_more, rows)))
        return [next(before) if hash_ else 0 for hash_ in hashes]

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Delete every text that first came more than `KEPT_FOR` ago; how many."""
        old = delete(cls).where(cls.first_seen_at < now - KEPT_FOR)
        return len(db.session.execute(old.returning(cls.hash)).all())

    @staticmethod
    def _once_more(row: Any) -> Mapping[str, Any]:  # Any: columns and expressions of them
        return {"count": Fingerprint.count + row.count}


def normalised(text: str) -> str:
    """The letters and digits of a text in lower case, so that spacing makes no other text of it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", folded)


def _known_by(text: str) -> str | None:
    plain = normalised(text)
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest() if len(plain) >= SHORTEST else None
