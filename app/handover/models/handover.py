"""A handover: a batch of reports, disjoint from every other one, generalised until nobody can be found in it."""

import json
import random
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Self

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.config import campaign
from app.extensions import Model, UtcDateTime, db, state_column
from app.figures.models import Batch
from app.handover import generalise
from app.handover.files import Delivery
from app.handover.manifest import Facts, at_minute
from app.handover.models import undelivered
from app.handover.models.record import Record
from app.handover.models.sealing import Sealing, facts_of
from app.kit import clock
from app.ledger.models import Entry, Head, Kind
from app.people.models import Member
from app.people.models.organisation import all_organisations

USUAL_K = 10

Releases = Sequence[tuple[str, datetime]]  # who said that it may leave the house, and when


class State(StrEnum):
    """Where a handover is; while one is proposed, no other one is built."""

    PROPOSED = "proposed"
    RELEASED = "released"
    DISCARDED = "discarded"


class KTooSmall(Exception):
    """Groups smaller than five hide nobody."""


class KTooLarge(Exception):
    """Every later unit is a multiple of this one's: with groups so large nothing would ever be handed over again."""


class ProposalOpen(Exception):
    """Another handover is proposed: it has to be released or discarded first."""


class NotProposed(Exception):
    """Somebody else has released or discarded it since it was read."""


class NothingToHandOver(Exception):
    """No group of enough reports comes together; `waiting` says how many wait."""

    def __init__(self, waiting: int) -> None:
        super().__init__(waiting)
        self.waiting = waiting


class Handover(Model):
    """One delivery to one recipient."""

    __tablename__ = "handover"
    __table_args__ = (CheckConstraint("k >= 5", name="k"), CheckConstraint("unit >= k", name="unit"))

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(state_column(State, "state"), default=State.PROPOSED)
    recipient: Mapped[str] = mapped_column(String(120))
    organisation_slug: Mapped[str | None] = mapped_column(String(60))
    k: Mapped[int]
    unit: Mapped[int]  # every cell holds a full multiple of it, and shows each symptom so often
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)
    built_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))  # None: somebody with a shell on the server
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.seq"), unique=True)
    manifest: Mapped[str] = mapped_column(Text, default="")  # as published, to the byte; the ledger has its hash
    coarser: Mapped[dict[str, int]] = mapped_column(
        JSON, default=dict
    )  # a period to how many told then are labelled coarser

    @classmethod
    def propose(cls, recipient: str, *, k: int = USUAL_K, by: Member | None, chance: random.Random) -> Self:
        """Build an extract of everything that no handover holds, in the caller's transaction.

        `recipient` is an organisation's slug or name, else any name. Raises KTooSmall, KTooLarge, ProposalOpen
        or NothingToHandOver.
        """
        if k < generalise.LEAST_K:
            raise KTooSmall(k)
        if k > generalise.MOST_K:
            raise KTooLarge(k)
        head = Head.take()  # nobody tells, corrects or takes out meanwhile, and of two who build one comes second
        if cls.proposed():
            raise ProposalOpen
        unit = generalise.unit_of(k, cls._steps(), cls._units())
        extract = generalise.generalise(undelivered.candidates(), unit=unit, k=k, chance=chance)
        generalise.close(extract, [cls.coarser_so_far()], chance)
        if not extract.cells:
            raise NothingToHandOver(len(extract.waiting))
        name, slug = _named(recipient)
        made = cls(recipient=name, organisation_slug=slug, k=k, unit=unit, built_at=head.not_before(clock.minute()))
        made.built_by, made.state, made.coarser = by.id if by else None, State.PROPOSED, {}
        db.session.add(made)
        db.session.flush()
        Record.keep(made.id, extract.rows())
        return made

    @classmethod
    def _steps(cls) -> set[int]:
        """Every step in which figures are or were published; a unit that is no multiple would leave less between."""
        return {campaign().figure_step, *db.session.scalars(select(Batch.step).distinct())}

    @classmethod
    def _units(cls) -> set[int]:
        """Every unit so far, of which a new one has to be a multiple, too."""
        return set(db.session.scalars(select(cls.unit).where(cls.state == State.RELEASED).distinct()))

    @classmethod
    def proposed(cls) -> Self | None:
        """The one that waits to be released or discarded."""
        return db.session.scalar(select(cls).where(cls.state == State.PROPOSED))

    @classmethod
    def released(cls) -> list[Self]:
        """All that have left the house, the first one first."""
        return list(db.session.scalars(select(cls).where(cls.state == State.RELEASED).order_by(cls.entry_seq)))

    @classmethod
    def coarser_so_far(cls) -> dict[str, int]:
        """Per period, how many reports told then were handed over under a label that does not lie inside it."""
        found: dict[str, int] = {}
        for counted in db.session.scalars(select(cls.coarser).where(cls.state == State.RELEASED)):
            for period, many in counted.items():
                found[period] = found.get(period, 0) + many
        return found

    @property
    def facts(self) -> Facts:
        """What the manifest says; of a proposal, what it would say as it stands, without hashes and releases."""
        if self.state == State.RELEASED:
            said: Facts = json.loads(self.manifest)
            return said
        return self._named() | facts_of(self.id, unit=self.unit, k=self.k)

    def discard(self) -> None:
        """Let its reports wait again; raises NotProposed."""
        Head.take()
        self._become(State.DISCARDED)
        Record.drop_all(self.id)

    def outlook(self, chance: random.Random) -> Sealing:
        """What would leave the house if it were sealed now; writes nothing. Raises NothingToHandOver."""
        sealing = Sealing.of(self.id, unit=self.unit, k=self.k)
        besides = undelivered.waiting_by_period(), undelivered.waiting_by_period(until=self.built_at)
        if not sealing.close(besides, self.coarser_so_far(), chance):
            raise NothingToHandOver(undelivered.count_waiting() + sealing.records)
        return sealing

    def seal(self, releases: Releases, chance: random.Random) -> Delivery:
        """Make the files, write their manifest's hash into the ledger, and be released; in the caller's transaction.

        What left since it was built is taken out with whatever that makes traceable: never more is sealed than was
        seen. Raises NotProposed, or NothingToHandOver where nothing is left: the caller rolls back, and may discard.
        """
        head = Head.take()
        ledger = {"size": head.size, "root": head.root.hex(), "counter": head.counter}
        self._become(State.RELEASED)
        sealing = self.outlook(chance)
        self.coarser, self.released_at = dict(sealing.keep()), clock.now()
        facts = self._named() | sealing.facts() | {"ledger": ledger, "released": _signed(releases)}
        delivery = Delivery.of(sealing.printed(chance), facts)
        commitment = sha256(delivery.files["manifest.json"]).digest()
        entry = Entry.append(Kind.HANDOVER, minute=clock.minute(), commitment=commitment, subject=self.subject)
        db.session.flush()  # the entry before what names it
        self.entry_seq, self.manifest = entry.seq, delivery.files["manifest.json"].decode()
        return delivery

    @property
    def subject(self) -> str:
        """How the ledger names it."""
        return f"handover:{self.id}"

    def _named(self) -> Facts:
        """What is known before anything is counted."""
        before = select(func.count()).select_from(Handover).where(Handover.entry_seq.is_not(None))
        return {
            "campaign": campaign().name,
            "delivery": (db.session.scalar(before) or 0) + 1,
            "to": self.recipient,
            "built_at": at_minute(self.built_at),
        }

    def _become(self, state: State) -> None:
        """Compare and set, so that of two who decide at once one is told."""
        db.session.flush()
        here = update(Handover).where(Handover.id == self.id, Handover.state == State.PROPOSED)
        if db.session.scalar(here.values(state=state).returning(Handover.id)) is None:
            raise NotProposed(self.id)
        db.session.refresh(self)


def _named(recipient: str) -> tuple[str, str | None]:
    """An organisation's name and slug, or the name as it is."""
    wanted = recipient.strip()
    for one in all_organisations():
        if wanted.casefold() in {one.slug.casefold(), one.name.casefold()}:
            return one.name, one.slug
    return wanted, None


def _signed(releases: Releases) -> list[dict[str, str]]:
    return [{"by": by, "at": at_minute(at)} for by, at in releases]
