"""Clusters of texts that are nearly the same, known by their SimHash."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.spam.models.upsert import count_up, earlier, within_window
from app.spam.simhash import LIMIT, bands, distance, is_comparable, simhash

WINDOW = timedelta(hours=1)
KEPT_FOR = timedelta(hours=24)
LOOKED_AT = 500  # clusters that share a band; more come only from somebody who builds them


class TextCluster(Model):
    """How often nearly the same text came within an hour. `id` is the SimHash of the first one, 16 hex digits."""

    __tablename__ = "text_cluster"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    band_0: Mapped[int] = mapped_column(index=True)
    band_1: Mapped[int] = mapped_column(index=True)
    band_2: Mapped[int] = mapped_column(index=True)
    band_3: Mapped[int] = mapped_column(index=True)
    count: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @classmethod
    def note_all(cls, hashes: Sequence[int | None], now: datetime) -> list[tuple[str | None, int]]:
        """Remember texts by their SimHash; of each the cluster it belongs to and how many like it came within the hour.

        None and 0 for texts too short to tell, which have none. Called in the transaction that stores the texts, after
        `RecentTally.note_all`, so that parallel writers take their rows in one order.
        """
        minute = now.replace(second=0, microsecond=0)
        found = _Nearest(cls._near([one for one in hashes if one is not None], since=minute - WINDOW))
        ids = [None if one is None else found.to(one) for one in hashes]
        joined = [id_ for id_ in ids if id_]
        before = iter(earlier(joined, cls._join(Counter(joined), minute)))
        return [(id_, next(before)) if id_ else (None, 0) for id_ in ids]

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Delete what has not been seen for `KEPT_FOR`; how many."""
        old = select(cls.id).where(cls.last_seen_at < now - KEPT_FOR).with_for_update(skip_locked=True)
        return len(db.session.execute(delete(cls).where(cls.id.in_(old)).returning(cls.id)).all())

    @classmethod
    def _near(cls, hashes: Sequence[int], since: datetime) -> list[str]:
        """Clusters that share a band with one of these, oldest first."""
        if not hashes:
            return []
        of_all = zip(*map(bands, hashes), strict=True)
        shared = {f"bands_{number}": list(band) for number, band in enumerate(of_all)}
        return list(db.session.scalars(NEAR, shared | {"since": since, "most": LOOKED_AT * len(hashes)}))

    @classmethod
    def _join(cls, counts: Mapping[str, int], minute: datetime) -> dict[str, int]:
        """So many texts more in each cluster; an hour after its beginning it begins anew. What each counts then."""
        rows = [
            {"id": id_, "count": count, "began_at": minute, "last_seen_at": minute, "over_at": minute - WINDOW}
            | {f"band_{number}": band for number, band in enumerate(bands(int(id_, 16)))}
            for id_, count in sorted(counts.items())
        ]
        return count_up(cls, "id", cls._one_more, rows)

    @staticmethod
    def _one_more(row: Any) -> Mapping[str, Any]:  # Any: columns and expressions of them
        """One more like it, or the first of a new hour."""
        return within_window(TextCluster, row) | {"last_seen_at": row.last_seen_at}


_bands = (TextCluster.band_0, TextCluster.band_1, TextCluster.band_2, TextCluster.band_3)
_shares = (band.in_(bindparam(f"bands_{number}", expanding=True)) for number, band in enumerate(_bands))
NEAR = (
    select(TextCluster.id)
    .where(or_(*_shares), TextCluster.began_at > bindparam("since"))
    .order_by(TextCluster.began_at, TextCluster.id)
    .limit(bindparam("most"))
)


class _Nearest:
    """The clusters that texts noted together may belong to: those there are, and those that one of them begins."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._known = [int(id_, 16) for id_ in ids]

    def to(self, hash_: int) -> str:
        """The nearest one that shares a band, or a new one."""
        shared = set(enumerate(bands(hash_)))
        looked_at = [one for one in self._known if not shared.isdisjoint(enumerate(bands(one)))][:LOOKED_AT]
        near = [(distance(hash_, one), one) for one in looked_at if distance(hash_, one) <= LIMIT]
        if near:
            return cluster_id(min(near)[1])
        self._known.append(hash_)
        return cluster_id(hash_)


def comparable_hash(text: str) -> int | None:
    """The SimHash by which a text is noted; None for one too short to tell a copy from two people who say the same."""
    return simhash(text) if is_comparable(text) else None


def cluster_id(hash_: int) -> str:
    """How a cluster is called that begins with a text of this SimHash."""
    return f"{hash_:016x}"
