"""A release: one person says that a proposed handover may leave the house. It takes two."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime


class Release(Model):
    """Who said so, and when."""

    __tablename__ = "handover_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
