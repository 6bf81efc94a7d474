"""A session of a member: a row that sign-out really ends, whatever cookie somebody kept."""

from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.kit import clock, tokens

LASTS = timedelta(days=14)


class SignIn(Model):
    """One sign-in on one device."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(80))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # by passkey or recovery code, the last time
    passkey_id: Mapped[int | None]  # the latest passkey that has shown it
    first_key_id: Mapped[int | None]  # the first one: whatever is shown later, the session ends with it

    @classmethod
    def begin(cls, member_id: int, device: str, token: str = "") -> tuple[Self, str]:
        """A new session and the token that its cookie carries; `token`: one that was made for it."""
        token, now = token or tokens.new_token(), clock.now()
        row = cls(
            member_id=member_id,
            token_hash=tokens.digest(token),
            device=device[:80],
            began_at=now,
            ends_at=now + LASTS,
        )
        db.session.add(row)
        return row, token

    @classmethod
    def by(cls, token: str) -> Self | None:
        """The session that a cookie's token belongs to, if it has not ended."""
        found = select(cls).where(cls.token_hash == tokens.digest(token), cls.ends_at > clock.now())
        return db.session.scalar(found)

    @classmethod
    def open_for(cls, member_id: int) -> list[Self]:
        found = select(cls).where(cls.member_id == member_id, cls.ends_at > clock.now())
        return list(db.session.scalars(found.order_by(cls.began_at.desc())))

    @classmethod
    def end_all(cls, member_id: int) -> None:
        """End every session of a member."""
        db.session.execute(update(cls).where(cls.member_id == member_id).values(ends_at=clock.now()))

    @classmethod
    def end_everyone(cls) -> None:
        """End every session of everybody."""
        now = clock.now()
        db.session.execute(update(cls).where(cls.ends_at > now).values(ends_at=now))

    @classmethod
    def end_all_by_key(cls, passkey_id: int, *, but: Self | None) -> None:
        """End the sessions that a passkey opened or confirmed; `but` one, which has to confirm anew."""
        its = update(cls).where((cls.passkey_id == passkey_id) | (cls.first_key_id == passkey_id))
        db.session.execute(its.where(cls.id != (but.id if but else 0)).values(ends_at=clock.now()))
        db.session.execute(its.values(proven_at=None, passkey_id=None, first_key_id=None))

    def prove(self, passkey_id: int | None = None) -> None:
        """Note that it is the member who sits there; without a passkey a recovery code has shown it."""
        self.proven_at, self.passkey_id = clock.now(), passkey_id or self.passkey_id
        self.first_key_id = self.first_key_id or passkey_id

    def is_proven(self, *, within: timedelta = LASTS) -> bool:
        return self.proven_at is not None and clock.now() - self.proven_at < within

    def end(self) -> None:
        self.ends_at = clock.now()
