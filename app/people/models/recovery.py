"""Recovery codes: printed once, each good once, for whoever has lost the passkey or has no script."""

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.config import settings
from app.extensions import Model, UtcDateTime, db
from app.kit import clock, tokens
from app.people.models.member import Member

CODES = 10
LENGTH = 10  # letters of five bits
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class RecoveryCode(Model):
    """One code of a set; a new set replaces the old one."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @classmethod
    def make_anew(cls, member_id: int) -> list[str]:
        """Ten codes, which nobody can read again; those made before are void."""
        codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(CODES)]
        Member.take(member_id)  # of two who make a set, one finds the other's and voids it
        db.session.execute(delete(cls).where(cls.member_id == member_id))
        now = clock.now()
        db.session.add_all(cls(member_id=member_id, code_hash=_hash(member_id, one), made_at=now) for one in codes)
        return [f"{one[:5]}-{one[5:]}" for one in codes]

    @classmethod
    def use(cls, member_id: int, typed: str) -> bool:
        """Use one up: compare and set, so that of two who type it one gets in."""
        known = _hash(member_id, tokens.read_receipt(typed).replace("-", ""))
        unused = update(cls).where(cls.member_id == member_id, cls.code_hash == known, cls.used_at.is_(None))
        return db.session.scalar(unused.values(used_at=clock.now()).returning(cls.id)) is not None

    @classmethod
    def left(cls, member_id: int) -> int:
        unused = select(func.count()).where(cls.member_id == member_id, cls.used_at.is_(None))
        return db.session.scalar(unused) or 0


def _hash(member_id: int, code: str) -> str:
    return tokens.keyed(settings().secret_key, "recovery code", f"{member_id}\0{code}").hex()
