"""An invitation to one address, used once, confirmed by POST and code."""

from datetime import datetime, timedelta
from typing import Self

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock, tokens
from app.kit.shared_mailboxes import is_shared
from app.people.models.member import ADDRESS_LIKE, Member, Role, Unwelcome, has_owner
from app.people.models.organisation import Organisation
from app.people.models.passkey import forget_keys_of

LASTS = timedelta(days=14)
LONGEST = 254  # characters of an address (RFC 5321)


class InvitationRefused(Exception):
    """The invitation was used, withdrawn, has ended, or is for another address."""


class Invitation(Model):
    """An open door for one person. The owner's first one is bound to no address: whoever runs the server has it."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    first_name: Mapped[str] = mapped_column(String(60), default="", server_default=sql("''"))  # of whom it is for
    function: Mapped[str] = mapped_column(String(80), default="", server_default=sql("''"))  # in the organisation
    role: Mapped[Role] = mapped_column(state_column(Role, "role"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @classmethod
    def send(
        cls,
        email: str | None,
        role: Role,
        organisation: Organisation,
        *,
        by: Member | None = None,
        first_name: str = "",
        function: str = "",
    ) -> tuple[Self, str]:
        """A new invitation and the secret of its link; with a name on it nobody comes in by it under another."""
        _check(email, role, organisation)
        token, now = tokens.new_token(), clock.now()
        invitation = cls(
            token_hash=tokens.digest(token),
            email=None if email is None else email.strip().lower(),
            first_name=first_name,
            function=function,
            role=role,
            organisation=organisation,
            invited_by_id=by.id if by else None,
            invited_at=now,
            ends_at=now + LASTS,
        )
        db.session.add(invitation)
        return invitation, token

    @classmethod
    def by(cls, token: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.token_hash == tokens.digest(token)))

    @classmethod
    def open(cls) -> list[Self]:
        found = select(cls).where(cls.used_at.is_(None), cls.ends_at > clock.now(), cls.email.is_not(None))
        return list(db.session.scalars(found.order_by(cls.invited_at.desc())))

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.ends_at > clock.now()

    def still_opens(self) -> bool:
        """Whether the door is open; the one without a name on it closes with the first owner."""
        return self.is_open and (self.email is not None or not has_owner())

    def admits(self, email: str) -> bool:
        """Whether the invitation is for this address."""
        return self.still_opens() and self.email in {None, email.strip().lower()}

    def accept(self, email: str, first_name: str) -> Member:
        """Make the person a member. The caller has confirmed the address by code; the name on the invitation counts."""
        if not self.admits(email) or not self._is_still_right(email) or not self._use_up():
            raise InvitationRefused(email)
        if self.role == Role.GUEST:
            self.organisation.is_vouched_for_by(email)
        name = self.first_name or first_name
        member = Member.welcome(email, name, self.role, self.organisation, function=self.function)
        db.session.flush()
        forget_keys_of(member.id)
        return member

    def _is_still_right(self, email: str) -> bool:
        """Whether it could be sent today: domains of organisations, and who was here before, may have changed."""
        try:
            _check(self.email, self.role, self.organisation)
            _check_past(email, self.organisation)
        except Unwelcome:
            return False
        return True

    def _use_up(self) -> bool:
        """Compare and set; False if somebody else came in by it first."""
        unused = update(Invitation).where(Invitation.id == self.id, Invitation.used_at.is_(None))
        return db.session.scalar(unused.values(used_at=clock.now()).returning(Invitation.id)) is not None

    @classmethod
    def withdraw_all_of(cls, member: Member) -> None:
        """Close every door that a member has opened, or that stands open for them; nobody has used those."""
        is_theirs = (cls.invited_by_id == member.id) | (cls.email == member.email)
        open_doors = update(cls).where(is_theirs, cls.used_at.is_(None), cls.ends_at > clock.now())
        db.session.execute(open_doors.values(ends_at=clock.now()))

    def withdraw(self) -> None:
        """Close the door before it was used."""
        if not self.is_open:
            raise InvitationRefused(self.email)
        self.ends_at = clock.now()


def _check(email: str | None, role: Role, organisation: Organisation) -> None:
    if email is None and (role != Role.OWNER or has_owner()):
        raise Unwelcome(_("An invitation needs an address."))
    if email is not None:
        _check_address(email)
        _check_past(email, organisation)
    if role == Role.GUEST and organisation.is_team:
        raise Unwelcome(_("A guest belongs to an organisation, not to the team."))
    if role != Role.GUEST and not organisation.is_team:
        raise Unwelcome(_("People of %(name)s can only be guests.", name=organisation.name))
    if email and role == Role.GUEST and not organisation.employs(email.strip()):
        known = ", ".join(organisation.domains) or "–"
        told = {"email": email, "name": organisation.name, "domains": known}
        raise Unwelcome(_("%(email)s is not at a domain of %(name)s. Known are: %(domains)s", **told))
    if email and role == Role.GUEST and is_shared(email):
        told = {"email": email}
        raise Unwelcome(
            _("%(email)s is a mailbox that several people read. An answer needs a person behind it.", **told)
        )


def _check_address(email: str) -> None:
    if not ADDRESS_LIKE.match(email.strip()) or len(email) > LONGEST:
        raise Unwelcome(_("%(email)s is no e-mail address.", email=email))
    member = Member.of(email)
    if member and member.active:
        raise Unwelcome(
            _("%(email)s is a member already. To give another role, revoke the membership first.", email=email)
        )


def _check_past(email: str, organisation: Organisation) -> None:
    """What somebody wrote carries the badge of their organisation: nobody takes it along into another one."""
    member = Member.of(email)
    if member and member.organisation != organisation:
        told = {"email": email, "name": member.organisation.name}
        raise Unwelcome(_("What %(email)s wrote here stays with %(name)s. Please invite another address.", **told))
