"""A code to type, sent to an address that somebody claims: six digits, ten minutes, five tries, one use.

It is good only in the browser that asked for it, so that a stranger who knows an address can neither void nor use up
the code of its owner.
"""

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
    """The code that is open for an address in one browser; a new one there replaces it."""

    __tablename__ = "code"

    id: Mapped[int] = mapped_column(primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[str] = mapped_column(String(64))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries_left: Mapped[int] = mapped_column(default=TRIES)

    @classmethod
    def issue(cls, email: str, browser: str) -> str:
        """A fresh code for an address; `browser` is a secret that only the one who asks has."""
        email, code, known_by = email.strip().lower(), tokens.new_code(), tokens.digest(browser)
        db.session.execute(delete(cls).where((cls.browser_hash == known_by) | (cls.ends_at < clock.now())))
        ends_at = clock.now() + LASTS
        db.session.add(cls(browser_hash=known_by, email=email, code_hash=_hash(email, code), ends_at=ends_at))
        return code

    @classmethod
    def forget(cls) -> int:
        """Delete the codes that can no longer be used; how many."""
        return len(db.session.execute(delete(cls).where(cls.ends_at < clock.now()).returning(cls.id)).all())

    @classmethod
    def redeem(cls, email: str, browser: str, typed: str) -> None:
        """Use up the code of an address in a browser. A try is paid for before it is judged: commit either way."""
        email, typed = email.strip().lower(), _digits(typed)
        row = cls._take_try(email, tokens.digest(browser))
        if row is None or not hmac.compare_digest(row.code_hash, _hash(email, typed)):
            raise CodeRefused(email)
        db.session.execute(delete(cls).where(cls.id == row.id))

    @staticmethod
    def opens(email: str, browser: str, typed: str) -> str:
        """The token of the session that a code opens in a browser: the same one for two clicks at the same moment."""
        said = f"{browser}\0{email.strip().lower()}\0{_digits(typed)}"
        return tokens.keyed(settings().secret_key, "code-session", said).hex()

    @classmethod
    def _take_try(cls, email: str, browser_hash: str) -> Self | None:
        is_theirs = (cls.email == email) & (cls.browser_hash == browser_hash)
        is_open = is_theirs & (cls.tries_left > 0) & (cls.ends_at > clock.now())
        paid = db.session.execute(
            update(cls).where(is_open).values(tries_left=cls.tries_left - 1).returning(cls.id)
        ).scalar()
        return None if paid is None else db.session.scalar(select(cls).where(cls.id == paid))


def _digits(typed: str) -> str:
    return "".join(filter(str.isdigit, typed))


def _hash(email: str, code: str) -> str:
    return tokens.keyed(settings().secret_key, "code", f"{email}\0{code}").hex()
