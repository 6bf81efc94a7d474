"""What was decided, by whom and when: appended, never changed."""

from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, String, event, select
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from app.extensions import Model, UtcDateTime, db
from app.kit import clock
from app.people.models.member import Member


class Decision(Model):
    """One deed of a person at the desk. Nobody's text is in it, only what it was about."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column("decided_at", UtcDateTime)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    deed: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(80), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    bulk_id: Mapped[int | None]  # one of many that were decided together; the list shows those as one

    by: Mapped[Member | None] = relationship(lazy="joined")

    @classmethod
    def record(cls, deed: str, about: str, *, by: Member | None, reason: str = "") -> Self:
        """Note a deed; `by=None` is somebody with a shell on the server."""
        member_id = by.id if by else None
        row = cls(at=clock.now(), member_id=member_id, deed=deed, about=about, reason=reason[:300])
        db.session.add(row)
        return row

    @classmethod
    def about_(cls, about: str) -> list[Self]:
        return list(db.session.scalars(select(cls).where(cls.about == about).order_by(cls.id)))

    @classmethod
    def last_about(cls, about: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.about == about).order_by(cls.id.desc()).limit(1))


@event.listens_for(Decision, "before_update")
@event.listens_for(Decision, "before_delete")
def _refuse(_mapper: Mapper[Decision], _connection: object, decision: Decision) -> None:
    raise PermissionError(f"decision {decision.id} is written and stays as it is")
