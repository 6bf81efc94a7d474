"""Whether the site saves its strength now, who said so, and since when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, state_column


class Mode(StrEnum):
    """Who decides: the site by what it measures, or a person."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class Surge(Model):
    """The one row that all workers read."""

    __tablename__ = "surge"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    mode: Mapped[Mode] = mapped_column(state_column(Mode, "mode"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))  # who set the mode by hand
    reason: Mapped[str] = mapped_column(String(60), default="")  # what was full when it began by itself
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
