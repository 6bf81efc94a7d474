"""Clusters of texts that are nearly the same, known by their SimHash."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import ClassVar

from sqlalchemy import Select, String, Update, bindparam, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db, table_of
from app.spam.models.bayes import Taught
from app.spam.models.upsert import Change, count_up, earlier, within_window
from app.spam.simhash import LIMIT, bands, distance, is_comparable, simhash

LOOKED_AT = 500  # clusters that share a band; more come only from somebody who builds them


class Cluster(Model):
    """How often nearly the same text came within a time. `id` is the SimHash of the first one, 16 hex digits."""

    __abstract__ = True
    WINDOW: ClassVar[timedelta]
    KEPT_FOR: ClassVar[timedelta]

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
        """Remember texts by their SimHash; of each the cluster it belongs to and how many like it came within `WINDOW`.

        None and 0 for texts too short to tell, which have none. Called in the transaction that stores the texts, after
        `RecentTally.note_all`, so that parallel writers take their rows in one order.
        """
        minute = now.replace(second=0, microsecond=0)
        found = _Nearest(cls._near([one for one in hashes if one is not None], since=minute - cls.WINDOW))
        ids = [None if one is None else found.to(one) for one in hashes]
        joined = [id_ for id_ in ids if id_]
        before = iter(earlier(joined, cls._join(Counter(joined), minute)))
        return [(id_, next(before)) if id_ else (None, 0) for id_ in ids]

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Delete what has not been seen for `KEPT_FOR`; how many."""
        old = select(cls.id).where(cls.last_seen_at < now - cls.KEPT_FOR).with_for_update(skip_locked=True)
        return len(db.session.execute(delete(cls).where(cls.id.in_(old)).returning(cls.id)).all())

    @classmethod
    def _near(cls, hashes: Sequence[int], since: datetime) -> list[str]:
        """Clusters that share a band with one of these, oldest first."""
        if not hashes:
            return []
        of_all = zip(*map(bands, hashes), strict=True)
        shared = {f"bands_{number}": list(band) for number, band in enumerate(of_all)}
        return list(db.session.scalars(_near(cls), shared | {"since": since, "most": LOOKED_AT * len(hashes)}))

    @classmethod
    def _join(cls, counts: Mapping[str, int], minute: datetime) -> dict[str, int]:
        """So many texts more in each cluster; when its window is over it begins anew. What each counts then."""
        rows = [
            {"id": id_, "count": count, "began_at": minute, "last_seen_at": minute, "over_at": minute - cls.WINDOW}
            | {f"band_{number}": band for number, band in enumerate(bands(int(id_, 16)))}
            for id_, count in sorted(counts.items())
        ]
        return count_up(cls, "id", _one_more(cls), rows)


class TextCluster(Cluster):
    """Reports that say nearly the same within an hour."""

    __tablename__ = "text_cluster"
    WINDOW: ClassVar = timedelta(hours=1)
    KEPT_FOR: ClassVar = timedelta(hours=24)


class CommentCluster(Cluster):
    """Comments that say nearly the same within fourteen days, and what people found them to be."""

    __tablename__ = "comment_cluster"
    WINDOW: ClassVar = timedelta(days=14)
    KEPT_FOR: ClassVar = timedelta(days=28)

    spam: Mapped[int] = mapped_column(default=0, server_default="0")
    ham: Mapped[int] = mapped_column(default=0, server_default="0")

    @classmethod
    def found_spam(cls, ids: Collection[str]) -> dict[str, int]:
        """In how many comments of these clusters people found spam, where they never found anything else."""
        if not ids:
            return {}
        asked = select(cls.id, cls.spam).where(cls.id.in_(ids), cls.spam > 0, cls.ham == 0)
        return {row.id: row.spam for row in db.session.execute(asked)}

    @classmethod
    def learn(cls, times: Mapping[str, int], taught: Taught) -> None:
        """People found so many more of each to be spam, or published them; fewer where that is taken back."""
        more = [
            {"cluster": id_, "more_spam": taught.spam * count, "more_ham": taught.ham * count}
            for id_, count in sorted(times.items())
        ]
        if more:
            db.session.connection().execute(_learning(), more)


@cache
def _near(table: type[Cluster]) -> Select[str]:
    """The statement that finds clusters by their bands, made once."""
    columns = (table.band_0, table.band_1, table.band_2, table.band_3)
    shares = (band.in_(bindparam(f"bands_{number}", expanding=True)) for number, band in enumerate(columns))
    found = select(table.id).where(or_(*shares), table.began_at > bindparam("since"))
    return found.order_by(table.began_at, table.id).limit(bindparam("most"))


@cache
def _learning() -> Update:
    table = table_of(CommentCluster)
    changes = {name: table.c[name] + bindparam(f"more_{name}") for name in Taught._fields}
    return update(table).where(table.c.id == bindparam("cluster")).values(changes)


@cache
def _one_more(table: type[Cluster]) -> Change:
    """One more like it, or the first of a new window."""
    return lambda row: within_window(table, row) | {"last_seen_at": row.last_seen_at}


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
