"""A passkey: a key of a member's own that proves at any time that it is them."""

from datetime import datetime, timedelta
from typing import Self

from flask_babel import gettext as _
from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.config import settings
from app.extensions import Model, UtcDateTime, db
from app.kit import clock, tokens
from app.people.models.member import Member
from app.people.models.recovery import RecoveryCode
from app.people.models.sign_in import SignIn
from app.web.submission import one_line

LONGEST_NAME = 60
KEPT_FOR = timedelta(days=30)  # after the membership has ended, so that its owner is told why it opens nothing


class KeyRefused(Exception):
    """A passkey may not be added, used or removed; the message says why."""


class Copied(KeyRefused):
    """The key counts its uses and has counted fewer than it had: there are two of it."""

    def __init__(self, key: "Passkey") -> None:
        self.key = key
        super().__init__(_("This passkey was used elsewhere since; there may be a copy of it. Please remove it."))


def cleaned(name: str) -> str:
    """A key's name on one line, without signs that nobody sees: letters tell it, and log and lists show it."""
    return "".join(sign for sign in one_line(name) if sign.isprintable()).strip()[:LONGEST_NAME]


class Passkey(Model):
    """One key, of which we know the public half only."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    handle: Mapped[bytes] = mapped_column(
        LargeBinary
    )  # by which a device knows the member; the same for all keys of one
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)  # many keys do not count and say 0
    transports: Mapped[list[str]] = mapped_column(JSON)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    member: Mapped[Member] = relationship(lazy="joined")

    @classmethod
    def of_member(cls, member: Member) -> list[Self]:
        return list(db.session.scalars(select(cls).where(cls.member_id == member.id).order_by(cls.id)))

    @classmethod
    def of_credential(cls, credential_id: bytes) -> Self | None:
        return db.session.scalar(select(cls).where(cls.credential_id == credential_id))

    @classmethod
    def handle_of(cls, member: Member) -> bytes:
        """What a device is to know the member by: it tells nobody who that is, and is the same for every key."""
        known = db.session.scalar(select(cls.handle).where(cls.member_id == member.id).limit(1))
        return known or tokens.keyed(settings().secret_key, "passkey owner", str(member.id))

    @classmethod
    def add(
        cls, member: Member, name: str, *, handle: bytes, credential_id: bytes, public_key: bytes, sign_count: int,
        transports: list[str],
    ) -> Self:  # fmt: skip
        if cls.of_credential(credential_id):
            raise KeyRefused(_("This passkey is known here already."))
        added = cls(
            member=member,
            handle=handle,
            credential_id=credential_id,
            public_key=public_key,
            sign_count=sign_count,
            transports=transports,
            name=cleaned(name),
            added_at=clock.now(),
        )
        db.session.add(added)
        db.session.flush()
        return added

    def use(self, sign_count: int) -> None:
        """Note a use. A key that counts has always counted on; who is second with a number is not that key."""
        counts_on = (Passkey.sign_count < sign_count) | ((Passkey.sign_count == 0) & (sign_count == 0))
        used = update(Passkey).where(Passkey.id == self.id, counts_on)
        if db.session.scalar(used.values(sign_count=sign_count, used_at=clock.now()).returning(Passkey.id)) is None:
            raise Copied(self)

    def rename(self, name: str) -> None:
        self.name = cleaned(name)

    def remove(self, *, by: SignIn | None) -> None:
        """Take the key away; sessions that it opened or confirmed end with it, except the one that asks."""
        Member.take(self.member_id)
        if not self.can_be_removed():
            raise KeyRefused(
                _("This is your last passkey. Make recovery codes first, else you could not get in any more.")
            )
        SignIn.end_all_by_key(self.id, but=by)
        db.session.delete(self)

    def can_be_removed(self) -> bool:
        """Whether another way is left."""
        return len(Passkey.of_member(self.member)) > 1 or RecoveryCode.left(self.member_id) > 0


def forget_keys_of(member_id: int) -> None:
    """A member who comes back begins anew."""
    for table in (Passkey, RecoveryCode):
        db.session.execute(delete(table).where(table.member_id == member_id))


def forget() -> int:
    """Delete what opened the desk to those whose membership has ended a while ago; how many."""
    gone = select(Member.id).where(Member.active.is_(False), Member.revoked_at < clock.now() - KEPT_FOR)
    return sum(
        len(db.session.execute(delete(table).where(table.member_id.in_(gone)).returning(table.id)).all())
        for table in (Passkey, RecoveryCode)
    )
