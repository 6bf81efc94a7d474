"""Clusters of texts that are nearly the same, known by their SimHash."""

from datetime import datetime, timedelta

from sqlalchemy import String, case, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.spam.models.upsert import insert_into
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
    def note(cls, text: str, now: datetime) -> tuple[str | None, int]:
        """Remember a text; the cluster it belongs to and how many like it came earlier within the hour.

        None and 0 for texts too short to tell. Called in the transaction that stores the text, after all `RecentTally`,
        so that parallel writers take their rows in one order.
        """
        if not is_comparable(text):
            return None, 0
        minute, hash_ = now.replace(second=0, microsecond=0), simhash(text)
        id_ = cls._nearest(hash_, since=minute - WINDOW) or cluster_id(hash_)
        return id_, cls._join(id_, minute)

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Delete what has not been seen for `KEPT_FOR`; how many."""
        old = select(cls.id).where(cls.last_seen_at < now - KEPT_FOR).with_for_update(skip_locked=True)
        return len(db.session.execute(delete(cls).where(cls.id.in_(old)).returning(cls.id)).all())

    @classmethod
    def _nearest(cls, hash_: int, since: datetime) -> str | None:
        columns = (cls.band_0, cls.band_1, cls.band_2, cls.band_3)
        shares = or_(*(column == band for column, band in zip(columns, bands(hash_), strict=True)))
        found = select(cls.id).where(shares, cls.began_at > since).order_by(cls.began_at, cls.id).limit(LOOKED_AT)
        near = [(distance(hash_, int(id_, 16)), id_) for id_ in db.session.scalars(found)]
        return min((one for one in near if one[0] <= LIMIT), default=(0, None))[1]

    @classmethod
    def _join(cls, id_: str, minute: datetime) -> int:
        """One text more in the cluster; an hour after its beginning it begins anew."""
        is_over = cls.began_at <= minute - WINDOW
        parts = {f"band_{number}": band for number, band in enumerate(bands(int(id_, 16)))}
        row = insert_into(cls).values(id=id_, count=1, began_at=minute, last_seen_at=minute, **parts)
        more = row.on_conflict_do_update(
            index_elements=["id"],
            set_={
                "count": case((is_over, 1), else_=cls.count + 1),
                "began_at": case((is_over, row.excluded.began_at), else_=cls.began_at),
                "last_seen_at": row.excluded.last_seen_at,
            },
        )
        return int(db.session.execute(more.returning(cls.count)).scalar_one()) - 1


def cluster_id(hash_: int) -> str:
    """How a cluster is called that begins with a text of this SimHash."""
    return f"{hash_:016x}"
