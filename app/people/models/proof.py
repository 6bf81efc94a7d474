"""What proves that a domain is the organisation's, as it was found, missed and ended, each in the ledger, too."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock, tokens
from app.kit.outside import Fault
from app.ledger.models import Entry, Kind
from app.people.models.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.people.models.call import Call

LONGEST = 200  # characters of a subject in the ledger
LABEL = "_einzelfall"  # below which name the TXT record stands
PATH = "/.well-known/einzelfall.txt"
PREFIX = "einzelfall-verification="
EVERY = timedelta(days=7)
WHILE_MISSING = timedelta(days=1)  # it is looked for more often then, so that its return is seen soon
GRACE = timedelta(days=14)
GOOD_FOR = timedelta(days=365)  # of calls, which no machine can repeat
UNHEARD = timedelta(days=21)  # that nobody could look, until the desk is told
AT_ONCE = 20  # proofs looked for in one run


class Method(StrEnum):
    """How it is proven."""

    FILE = "file"
    DNS = "dns"
    CALL = "call"


class ProofState(StrEnum):
    """Where a proof stands."""

    ASKED = "asked"  # not found yet
    PROVEN = "proven"
    FAILING = "failing"  # missing, and counts until the grace is over
    LAPSED = "lapsed"
    ENDED = "ended"  # by an editor


COUNT = (ProofState.PROVEN, ProofState.FAILING)
OPEN = (ProofState.ASKED, *COUNT)


class NoProof(Exception):
    """It cannot be asked, noted or ended; the message says why."""


class Proof(Model):
    """One way in which an organisation shows that a domain is its own."""

    __tablename__ = "organisation_proof"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    method: Mapped[Method] = mapped_column(state_column(Method, "method"))
    state: Mapped[ProofState] = mapped_column(state_column(ProofState, "state"), default=ProofState.ASKED)
    domain: Mapped[str] = mapped_column(String(253))  # empty for calls, which prove the organisation
    nonce: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    found_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last time
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # whatever came of it
    checked_as: Mapped[Fault | None] = mapped_column(state_column(Fault, "checked_as"))  # what was wrong then
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    calls: Mapped[list["Call"]] = relationship(back_populates="proof", order_by="Call.id", lazy="selectin")

    @classmethod
    def of(cls, organisation: Organisation) -> "Sequence[Self]":
        """All of an organisation, the newest first."""
        mine = select(cls).where(cls.organisation_id == organisation.id)
        return db.session.scalars(mine.order_by(cls.id.desc())).all()

    @classmethod
    def take(cls, id_: int) -> Self | None:
        """One of them, which nobody else changes until the caller's transaction ends."""
        hold(db.session.scalar(select(cls.organisation_id).where(cls.id == id_)))
        return db.session.scalar(
            select(cls).where(cls.id == id_).with_for_update(of=cls).execution_options(populate_existing=True)
        )

    @classmethod
    def due(cls) -> "Sequence[Self]":
        """Those that are to be looked for again, whose turn is longest ago first."""
        now = clock.now()
        is_call = cls.method == Method.CALL
        steady = (cls.state == ProofState.PROVEN) & ~is_call & (cls.checked_at < now - EVERY)
        old = (cls.state == ProofState.PROVEN) & is_call & (cls.found_at < now - GOOD_FOR)
        missing = (cls.state == ProofState.FAILING) & (cls.checked_at < now - WHILE_MISSING)
        found = select(cls).where(steady | old | missing).order_by(cls.checked_at)
        return db.session.scalars(found.limit(AT_ONCE)).all()

    @classmethod
    def failing(cls) -> "Sequence[Self]":
        """Those that are missing, the longest first."""
        missing = select(cls).where(cls.state == ProofState.FAILING)
        return db.session.scalars(missing.order_by(cls.failing_since)).all()

    @classmethod
    def unheard(cls) -> "Sequence[Self]":
        """Those that count, and for which nobody could look for weeks; the longest first."""
        silent = (cls.state == ProofState.PROVEN) & (cls.method != Method.CALL) & (cls.found_at < clock.now() - UNHEARD)
        return db.session.scalars(select(cls).where(silent).order_by(cls.found_at)).all()

    @classmethod
    def elsewhere(cls, organisation: Organisation, domains: "Collection[str]") -> "Sequence[Self]":
        """Those of an organisation that prove none of these domains."""
        other = (cls.method != Method.CALL) & cls.domain.not_in(domains) & (cls.state != ProofState.ENDED)
        return db.session.scalars(select(cls).where(cls.organisation_id == organisation.id, other)).all()

    @classmethod
    def ask(cls, organisation: Organisation, method: Method, domain: str) -> Self:
        """Begin a proof; what the organisation is to publish says `words`."""
        hold(organisation.id)
        if method != Method.CALL and domain not in organisation.domains:
            raise NoProof(_("%(domain)s is not among the domains of %(name)s.", domain=domain, name=organisation.name))
        is_asked = (ProofState.ASKED,) if method == Method.CALL else OPEN  # calls are repeated while others count
        same = (cls.method == method) & (cls.domain == domain) & cls.state.in_(is_asked)
        if db.session.scalar(select(cls.id).where(cls.organisation_id == organisation.id, same)):
            raise NoProof(_("That is asked for already."))
        made = cls(
            organisation=organisation, method=method, domain=domain, nonce=tokens.new_key(), asked_at=clock.now()
        )
        db.session.add(made)
        db.session.flush()
        return made

    @property
    def words(self) -> str:
        """What must stand in the file or in the record."""
        return PREFIX + self.nonce

    @property
    def address(self) -> str:
        """Where."""
        return f"https://{self.domain}{PATH}" if self.method == Method.FILE else f"{LABEL}.{self.domain}"

    @property
    def lapses_at(self) -> datetime | None:
        return self.failing_since + GRACE if self.failing_since else None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_replaced(self) -> bool:
        """Whether it has lapsed, and the same was asked for anew: each entry of the ledger is of one of them only."""
        if self.state != ProofState.LAPSED:
            return False
        same = (Proof.organisation_id == self.organisation_id) & (Proof.method == self.method)
        newer = same & (Proof.domain == self.domain) & (Proof.id > self.id)
        return db.session.scalar(select(Proof.id).where(newer).limit(1)) is not None

    def found(self) -> None:
        """It is there. One that had lapsed counts again, unless another one was asked for in its place."""
        if self.state == ProofState.ENDED or self.is_replaced():
            return
        was, now = self.state, clock.now()
        self.state, self.found_at, self.checked_at, self.checked_as = ProofState.PROVEN, now, now, None
        self.proven_at, self.failing_since, self.ended_at = self.proven_at or now, None, None
        if was != ProofState.PROVEN:
            self._tell(Kind.ORGANISATION_PROVEN)
        self._weigh()

    def missed(self, fault: Fault | None) -> None:
        """It is not there, and that is sure: a grace begins, or is over."""
        now = clock.now()
        self.checked_at, self.checked_as = now, fault
        if self.state == ProofState.PROVEN:
            self.state, self.failing_since = ProofState.FAILING, now
            self._tell(Kind.ORGANISATION_FAILING)
        else:
            self._lapse_when_over()
        self._weigh()

    def unreached(self, fault: Fault, *, is_ours: bool = False) -> None:
        """Nobody knows whether it is there; what was missing lapses after its grace, unless the fault is ours."""
        self.checked_at, self.checked_as = clock.now(), fault
        if not is_ours and self._lapse_when_over():
            self._weigh()

    def _lapse_when_over(self) -> bool:
        """Whether it was missing, and its grace is over. Back comes it by new words alone: the old ones were public."""
        now = clock.now()
        if self.state != ProofState.FAILING or not self.lapses_at or self.lapses_at > now:
            return False
        self.state, self.ended_at, self.nonce = ProofState.LAPSED, now, tokens.new_key()
        self._tell(Kind.ORGANISATION_LAPSED)
        return True

    def end(self) -> None:
        """An editor no longer relies on it."""
        Proof.take(self.id)
        if self.state == ProofState.ENDED:
            raise NoProof(_("This proof has ended already."))
        has_counted = self.state in COUNT
        self.state, self.ended_at = ProofState.ENDED, clock.now()
        if has_counted:
            self._tell(Kind.ORGANISATION_ENDED)
        self._weigh()

    def _weigh(self) -> None:
        """Where there were proofs and none counts any more, the organisation has lapsed."""
        db.session.flush()
        mine = select(func.count()).where(Proof.organisation_id == self.organisation_id, Proof.proven_at.is_not(None))
        counting = db.session.scalar(mine.where(Proof.state.in_(COUNT)))
        if counting or not db.session.scalar(mine):
            self.organisation.lapsed_at = None
        else:
            self.organisation.lapsed_at = self.organisation.lapsed_at or clock.now()

    def _tell(self, kind: Kind) -> None:
        Entry.append(kind, minute=clock.minute(), subject=self.subject)

    @property
    def subject(self) -> str:
        """What the ledger calls it; by its number where a domain is too long to be told apart there."""
        of = f"organisation:{self.organisation.slug}/{self.method}/"
        named = of + self.domain
        return named if self.domain and len(named) <= LONGEST else f"{of}{self.id}"


def hold(organisation_id: int | None) -> None:
    """Have nobody else change the proofs of an organisation until the caller's transaction ends."""
    mine = select(Organisation).where(Organisation.id == organisation_id)
    db.session.scalar(mine.with_for_update(key_share=True).execution_options(populate_existing=True))
