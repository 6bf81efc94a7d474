"""Whether the site saves its strength now, who said so, and since when."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, case, or_, update
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.dml import Update

from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.people.models import Member

CALM = timedelta(seconds=20)  # without pressure on any worker, after which a surge that began by itself is over


class Mode(StrEnum):
    """Who decides: the site by what it measures, or a person."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class Surge(Model):
    """The one row that all workers read.

    It says when somebody last felt pressure, and the end follows from that: no worker has to come and end a surge, and
    none ends it while another one still feels it.
    """

    __tablename__ = "surge"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    mode: Mapped[Mode] = mapped_column(state_column(Mode, "mode"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))  # who set the mode
    set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(60), default="")  # which signal began it by itself
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pressed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    member: Mapped[Member | None] = relationship()

    @classmethod
    def current(cls) -> Self:
        """The row; the first migration that knows it has made it."""
        return db.session.get_one(cls, 1, populate_existing=True)

    def set_mode(self, mode: Mode, *, by: Member) -> Mode:
        """Have a person decide, or with `AUTO` the site again; answers what was before."""
        before, self.mode = self.mode, mode
        self.member_id, self.set_at = by.id, clock.now()
        return before


def is_felt(pressed_at: datetime | None, now: datetime) -> bool:
    """Whether pressure that was felt then still counts. From the future it does not: a clock was set back."""
    return pressed_at is not None and -CALM < now - pressed_at < CALM


def press(reason: str, now: datetime) -> Update:
    """The statement that notes pressure; where there was none for a while, a surge begins with it."""
    is_over = or_(Surge.pressed_at.is_(None), Surge.pressed_at <= now - CALM, Surge.pressed_at >= now + CALM)
    return (
        update(Surge)
        .where(Surge.id == 1, Surge.mode == Mode.AUTO)
        .values(
            began_at=case((is_over, now), else_=Surge.began_at),
            reason=case((is_over, reason), else_=Surge.reason),
            pressed_at=now,
        )
    )
