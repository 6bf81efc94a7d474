"""A person who signs in: the owner, editors, moderators, guests."""

import re
import uuid
from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import Self

from flask_babel import gettext as _
from flask_security import RoleMixin, UserMixin
from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.ledger.models import Entry, Kind
from app.people.models.organisation import Organisation
from app.people.models.sign_in import SignIn


class Role(StrEnum):
    """What a member may do; each may also do what the ones below it may, but a guest only answers."""

    OWNER = "owner"
    EDITOR = "editor"
    MODERATOR = "moderator"
    GUEST = "guest"


ADDRESS_LIKE = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\".]+(\.[^@\s<>,;\".]+)+\Z")
REACH = {
    Role.OWNER: frozenset(Role),
    Role.EDITOR: frozenset({Role.EDITOR, Role.MODERATOR, Role.GUEST}),
    Role.MODERATOR: frozenset({Role.MODERATOR}),
    Role.GUEST: frozenset({Role.GUEST}),
}


class Unwelcome(Exception):
    """A person may not become or stay a member; the message says why."""


class Granted(RoleMixin):
    """A role in the form in which Flask-Security asks for it."""

    def __init__(self, name: str) -> None:
        self.name = name


class Member(Model, UserMixin):
    """A person known by a confirmed address."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    first_name: Mapped[str] = mapped_column(String(60))
    function: Mapped[str] = mapped_column(String(80), default="", server_default=sql("''"))  # in the organisation
    role: Mapped[Role] = mapped_column(state_column(Role, "role"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: uuid.uuid4().hex)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_because: Mapped[str] = mapped_column(String(300), default="")

    organisation: Mapped[Organisation] = relationship(back_populates="members", lazy="joined")

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]  # ours follow from one column and are only read
        """For Flask-Security, which asks for a list."""
        return [Granted(role) for role in REACH[self.role]]

    @property
    def is_guest(self) -> bool:
        return self.role == Role.GUEST

    @property
    def is_editor(self) -> bool:
        return self.role in {Role.OWNER, Role.EDITOR}

    @property
    def verified_until(self) -> datetime | None:
        """The earlier moment of both: when the membership ended, when the organisation's last proof lapsed.

        Every byline, signature and badge says this one; `comments.models.found` asks the same in SQL.
        """
        return min(filter(None, (self.revoked_at, self.organisation.lapsed_at)), default=None)

    @classmethod
    def ended_by_name(cls, organisation: Organisation) -> dict[str, datetime]:
        """Until when those spoke for it who do no more, by first name as in bylines; not where two had that name.

        Always asked anew: a part of a page that finds them in memory would not be known to be made of them.
        """
        everyone = db.session.scalars(select(cls).where(cls.organisation_id == organisation.id)).all()
        names = Counter(one.first_name.casefold() for one in everyone)
        ended = ((one.first_name.casefold(), one.verified_until) for one in everyone)
        return {name: at for name, at in ended if at and names[name] == 1}

    @property
    def signature(self) -> str:
        """The name under which the member answers."""
        return self.first_name

    def may(self, role: Role) -> bool:
        """Whether the member may do what `role` may."""
        return self.active and role in REACH[self.role]

    @classmethod
    def of(cls, address: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.email == address.strip().lower()))

    @classmethod
    def welcome(
        cls, email: str, first_name: str, role: Role, organisation: Organisation, *, function: str = ""
    ) -> Self:
        """Make a person with a confirmed address a member, or give one who was here before the new role."""
        member = cls.of(email) or cls(email=email.strip().lower(), joined_at=clock.now())
        member.first_name, member.role, member.organisation = first_name, role, organisation
        member.function = function or member.function or ""
        member.active, member.revoked_at, member.revoked_because = True, None, ""
        db.session.add(member)
        if member.is_guest:
            db.session.flush()
            member._tell_the_ledger(Kind.GUEST_VERIFIED)  # noqa: SLF001 -- our own class
        return member

    def revoke(self, reason: str) -> None:
        """End a membership: every session of the member ends with it, what was written stays."""
        if not self.active:
            raise Unwelcome(_("%(email)s is no member any more.", email=self.email))
        if self.role == Role.OWNER and _owners(is_locked=True) == 1:
            raise Unwelcome(_("The last owner cannot be revoked. Invite another owner first."))
        values = {"active": False, "revoked_at": clock.now(), "revoked_because": reason}
        ended = update(Member).where(Member.id == self.id, Member.active).returning(Member.id)
        if db.session.scalar(ended.values(values | {"fs_uniquifier": uuid.uuid4().hex})) is None:
            raise Unwelcome(_("%(email)s is no member any more.", email=self.email))
        SignIn.end_all(self.id)
        if self.is_guest:
            self._tell_the_ledger(Kind.GUEST_REVOKED)

    @classmethod
    def take(cls, id_: int) -> None:
        """Take the member's row, so that who changes keys or codes at the same moment does so one after the other."""
        db.session.scalar(select(cls.id).where(cls.id == id_).with_for_update())

    def _tell_the_ledger(self, kind: Kind) -> None:
        """A badge given or taken, for whom: the organisation and a number, no name."""
        Entry.append(kind, minute=clock.minute(), subject=f"guest:{self.organisation.slug}/{self.id}")


def has_owner() -> bool:
    return _owners() > 0


def _owners(*, is_locked: bool = False) -> int:
    """How many owners there are; locked, so that two who revoke each other do so one after the other."""
    found = select(Member.id).where(Member.role == Role.OWNER, Member.active).order_by(Member.id)
    return len(db.session.scalars(found.with_for_update() if is_locked else found).all())
