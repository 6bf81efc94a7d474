"""A code to type, sent to an address that somebody claims: six digits, ten minutes, five tries, one use."""

import hmac
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.config import settings
from app.extensions import Model, UtcDateTime, db
from app.kit import clock, tokens

LASTS = timedelta(minutes=10)
TRIES = 5


class CodeRefused(Exception):
    """The code is wrong, used up or too old."""


class Code(Model):
    """The code that is open for an address; a new one replaces it."""

    __tablename__ = "code"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries_left: Mapped[int] = mapped_column(default=TRIES)

    @classmethod
    def issue(cls, email: str) -> str:
        """A fresh code for an address; an older one no longer counts."""
        email, code = email.strip().lower(), tokens.new_code()
        db.session.execute(delete(cls).where((cls.email == email) | (cls.ends_at < clock.now())))
        db.session.add(cls(email=email, code_hash=_hash(email, code), ends_at=clock.now() + LASTS))
        return code

    @classmethod
    def redeem(cls, email: str, typed: str) -> None:
        """Use up the code of an address. Each try is paid for before it is judged; the caller commits either way."""
        email, typed = email.strip().lower(), "".join(filter(str.isdigit, typed))
        row = cls._take_try(email)
        if row is None or not hmac.compare_digest(row.code_hash, _hash(email, typed)):
            raise CodeRefused(email)
        db.session.execute(delete(cls).where(cls.id == row.id))

    @classmethod
    def _take_try(cls, email: str) -> Self | None:
        is_open = (cls.email == email) & (cls.tries_left > 0) & (cls.ends_at > clock.now())
        paid = db.session.execute(
            update(cls).where(is_open).values(tries_left=cls.tries_left - 1).returning(cls.id)
        ).scalar()
        return None if paid is None else db.session.scalar(select(cls).where(cls.id == paid))


def _hash(email: str, code: str) -> str:
    return tokens.keyed(settings().secret_key, "code", f"{email}\0{code}").hex()
