"""A question to a passkey, good for ten minutes, in one browser, for one purpose, once.

It says by a keyed hash for whom it was made, so that nothing is written when a page asks; that it was answered is.
"""

import hmac
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from app.config import settings
from app.extensions import Model, UtcDateTime, db
from app.kit import clock, tokens
from app.spam.models.upsert import insert_into

LASTS = timedelta(minutes=10)
NONCE = 16  # bytes; the moment follows in eight, then the hash
MOMENT = 8


class ChallengeRefused(Exception):
    """The challenge is not ours, of another browser or purpose, too old, or was answered before."""


class UsedChallenge(Model):
    """That a challenge was answered; kept until it would have ended by itself."""

    __tablename__ = "passkey_challenge"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def forget(cls) -> int:
        """Delete the marks that nothing needs any more; how many."""
        gone = delete(cls).where(cls.ends_at < clock.now()).returning(cls.digest)
        return len(db.session.execute(gone).all())


def new_challenge(purpose: str, browser: str) -> bytes:
    """A fresh one; `browser` is a secret that only the one who is asked has."""
    nonce = secrets.token_bytes(NONCE)
    begin = nonce + int(clock.now().timestamp()).to_bytes(MOMENT)
    return begin + _proof(begin, purpose, browser)


def use_up(challenge: bytes, purpose: str, browser: str) -> None:
    """Note that it is answered, whatever the answer is worth. The caller commits."""
    begin = challenge[: NONCE + MOMENT]
    if not hmac.compare_digest(challenge[NONCE + MOMENT :], _proof(begin, purpose, browser)):
        raise ChallengeRefused(purpose)
    ends_at = datetime.fromtimestamp(int.from_bytes(begin[NONCE:]), UTC) + LASTS
    row = {"digest": tokens.digest(challenge.hex()), "ends_at": ends_at}
    new = insert_into(UsedChallenge).on_conflict_do_nothing().returning(UsedChallenge.digest)
    if ends_at < clock.now() or db.session.execute(new, row).first() is None:
        raise ChallengeRefused(purpose)


def _proof(begin: bytes, purpose: str, browser: str) -> bytes:
    return tokens.keyed(settings().secret_key, "passkey", f"{purpose}\0{browser}\0{begin.hex()}")
