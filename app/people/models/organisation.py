"""A company or association whose people may answer under its name."""

import re
import time
from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Self

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import JSON, Select, String, Text, bindparam, event, select
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from app.config import campaign
from app.extensions import Model, UtcDateTime, db
from app.kit import clock, names

if TYPE_CHECKING:
    from app.people.models.member import Member

NAMES = "organisation_names"  # under which an app keeps them
NAMES_KEPT_FOR = 1.0  # seconds
DOMAIN_LIKE = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
TEAM = "team"  # the campaign's own organisation; editors and moderators belong to it


class Organisation(Model):
    """An organisation with the exact mail domains its people write from."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    domains: Mapped[list[str]] = mapped_column(JSON, default=list)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_how: Mapped[str] = mapped_column(Text, default="")
    lapsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when none of its proofs counts

    members: Mapped[list["Member"]] = relationship(back_populates="organisation", order_by="Member.id")

    @classmethod
    def found(cls, slug: str, name: str, domains: list[str], verified_how: str) -> Self:
        """Enter an organisation, with the way in which it was verified."""
        new = cls(slug=slug, name=name, domains=exact(domains), verified_how="")
        db.session.add(new)
        if verified_how:
            new.verify(domains, verified_how)
        return new

    def verify(self, domains: list[str], how: str) -> None:
        """Note how it was verified that these domains are the organisation's."""
        self.domains, self.verified_how, self.verified_at = exact(domains), how, clock.now()

    def is_vouched_for_by(self, address: str) -> None:
        """A code reached a person at one of the domains: where nobody has checked more, readers are told this."""
        if self.verified_at is None:
            domain = address.rpartition("@")[2].lower()
            how = _("A member of staff confirmed a code that we sent to a mailbox at %(domain)s.", domain=domain)
            self.verify(self.domains, how)

    @classmethod
    def of(cls, slug: str) -> "Organisation | None":
        return db.session.scalar(_by_slug(), {"slug": slug})

    @classmethod
    def names_of(cls, slugs: Collection[str]) -> dict[str, str]:
        """What the organisations with these slugs are called."""
        return {one.slug: one.name for one in db.session.scalars(select(cls).where(cls.slug.in_(slugs)))}

    def employs(self, address: str) -> bool:
        """Whether an address is at exactly one of the organisation's domains; a subdomain is another domain."""
        return address.rpartition("@")[2].lower() in self.domains

    def guests_elsewhere(self, domains: list[str]) -> list["Member"]:
        """Who speaks for it from an address at none of these domains."""
        return [one for one in self.members if one.active and one.email.rpartition("@")[2] not in domains]

    @property
    def is_team(self) -> bool:
        return self.slug == TEAM


def exact(domains: list[str]) -> list[str]:
    return sorted({domain.strip().lower().lstrip("@") for domain in domains if domain.strip()})


def all_organisations() -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name)))


def addressees() -> list[Organisation]:
    """Those that a question can be passed on to, the carrier first."""
    found = [one for one in all_organisations() if not one.is_team]
    return sorted(found, key=lambda one: one.slug != campaign().carrier_slug)


def protected_names() -> tuple[str, ...]:
    """What nobody may look like: organisations, the campaign and its team, in every language of the site.

    Of the organisations as they were at most a second ago: every comment asks twice, and they change once a month.
    """
    own = (*campaign().protected_names, campaign().name, "verifiziert", "verified")
    kept: tuple[float, tuple[str, ...]] | None = current_app.extensions.get(NAMES)
    if kept is None or kept[0] < time.monotonic():
        with db.engine.connect().execution_options(only_reads=True) as connection:  # whatever the caller has open
            names_now = tuple(connection.scalars(select(Organisation.name)))
        kept = current_app.extensions[NAMES] = time.monotonic() + NAMES_KEPT_FOR, names_now
    return own + kept[1]


@event.listens_for(Organisation, "after_insert")
@event.listens_for(Organisation, "after_update")
def _forget_names(_mapper: Mapper[Organisation], _connection: object, _one: Organisation) -> None:
    current_app.extensions.pop(NAMES, None)


@cache
def _by_slug() -> Select[Organisation]:
    """Made once: making it takes longer than asking it."""
    return select(Organisation).where(Organisation.slug == bindparam("slug"))


def is_name_free(name: str) -> bool:
    """Whether no organisation has that name or one that looks like it; signs alone are no name."""
    look = names.skeleton(name)
    return bool(look) and look not in {names.skeleton(one.name) for one in all_organisations()}


def the_team(name: str) -> Organisation:
    """The campaign's own organisation, founded when it is first asked for."""
    return Organisation.of(TEAM) or Organisation.found(TEAM, name, [], "")
