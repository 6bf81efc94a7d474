"""Clusters of texts that are nearly the same, known by their SimHash."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime


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
