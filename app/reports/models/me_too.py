"""“Me too”: a reader has the same trouble at a place and no story to tell; counted apart, never in the counter."""

from datetime import date
from typing import Self

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db
from app.kit import clock, tokens


class MeToo(Model):
    """One reader's “me too” for a place and a symptom."""

    __tablename__ = "me_too"
    __table_args__ = (Index("ix_me_too_cell", "place_id", "symptom"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    place_id: Mapped[str] = mapped_column(String(60))
    symptom: Mapped[str] = mapped_column(String(40))
    said_on: Mapped[date]

    @classmethod
    def say(cls, place_id: str, symptom: str, key: str) -> Self:
        """Note it; the same key is noted once (the database refuses a second row)."""
        said = cls(key_hash=tokens.digest(key), place_id=place_id, symptom=symptom, said_on=clock.today())
        db.session.add(said)
        return said

    @classmethod
    def said_before(cls, key: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.key_hash == tokens.digest(key)))
