"""A report: what one customer told, counted in the transaction that stores it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.config import settings
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock, tokens
from app.ledger.models import Entry, Kind, Reason, commit_to, counter, new_nonce
from app.places import Place, gazetteer
from app.reports.models.tally import PlaceTally


class Source(StrEnum):
    """How a report came."""

    FORM = "form"
    IMPORT = "import"


class TextState(StrEnum):
    """Whether the reporter's own words may be read; only a person releases them."""

    NONE = "none"
    WAITING = "waiting"
    RELEASED = "released"
    WITHHELD = "withheld"


# Each state of words to those they may come from: what somebody withheld is not released from a page left open.
WORDS_MOVE = {
    TextState.WAITING: (TextState.RELEASED, TextState.WITHHELD),
    TextState.RELEASED: (TextState.WAITING,),
    TextState.WITHHELD: (TextState.WAITING, TextState.RELEASED),
}


class PlaceState(StrEnum):
    """Whether we know which place is meant."""

    KNOWN = "known"
    WAITING = "waiting"
    AS_TYPED = "as_typed"


class DecidedMeanwhile(Exception):
    """Somebody else has decided on the reporter's words since they were read."""


class AlreadyUncounted(Exception):
    """The report was taken out of the count before."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer tells, as they told it."""

    symptoms: tuple[str, ...]
    place: str
    district: str = ""
    since: str = ""
    hotline: str = ""
    device: str = ""
    text: str = ""
    claimed_at: datetime | None = field(default=None)

    def record(self) -> dict[str, Any]:  # Any: JSON values
        """The canonical record that the ledger's commitment covers."""
        plain = {name: getattr(self, name) for name in ("place", "district", "since", "hotline", "device", "text")}
        claimed = self.claimed_at.astimezone(UTC).isoformat() if self.claimed_at else None
        return {**plain, "symptoms": sorted(self.symptoms), "claimed_at": claimed}


class Report(Model):
    """One report. Who sent it is not in it; the receipt's hash is all that leads back."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_hash: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(32))
    source: Mapped[Source] = mapped_column(state_column(Source, "source"))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    number: Mapped[int]
    symptoms: Mapped[list[str]] = mapped_column(JSON)
    place: Mapped[str] = mapped_column(String(120))
    place_id: Mapped[str | None] = mapped_column(String(20), index=True)
    place_state: Mapped[PlaceState] = mapped_column(state_column(PlaceState, "place_state"), index=True)
    district: Mapped[str] = mapped_column(String(120), default="")
    since: Mapped[str] = mapped_column(String(80), default="")
    hotline: Mapped[str] = mapped_column(String(300), default="")
    device: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    text_state: Mapped[TextState] = mapped_column(state_column(TextState, "text_state"), index=True)
    entry_seq: Mapped[int] = mapped_column(ForeignKey("ledger_entry.seq"))
    uncounted_seq: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.seq"))

    entry: Mapped[Entry] = relationship(foreign_keys=[entry_seq])

    @classmethod
    def told_before(cls, receipt: str) -> Self | None:
        """The report that a receipt belongs to."""
        return db.session.scalar(select(cls).where(cls.receipt_hash == tokens.digest(receipt)))

    @classmethod
    def tell(cls, told: Told, key: str, *, source: Source = Source.FORM) -> Self:
        """Store and count a report: its row, the counter, its place's tally, its ledger entry, all or nothing."""
        place, nonce, minute = _meant(told.place), new_nonce(), clock.minute()
        entry = Entry.append(
            Kind.COUNTED if source == Source.FORM else Kind.IMPORTED,
            minute=minute,
            commitment=commit_to(told.record(), nonce),
            claimed_day=_day(told.claimed_at) if source == Source.IMPORT else None,
        )
        report = cls(
            receipt_hash=tokens.digest(receipt_of(key)),
            nonce=nonce,
            source=source,
            told_at=minute,
            claimed_at=told.claimed_at,
            number=counter(),
            symptoms=list(told.symptoms),
            place=told.place,
            place_id=place.id if place else None,
            place_state=_place_state(told, place),
            district=told.district,
            since=told.since,
            hotline=told.hotline,
            device=told.device,
            text=told.text,
            text_state=TextState.WAITING if told.text else TextState.NONE,
            entry=entry,
        )
        db.session.add(report)
        PlaceTally.move(report.place_id, 1)
        return report

    @property
    def is_counted(self) -> bool:
        return self.uncounted_seq is None

    def is_what_was_counted(self) -> bool:
        """Whether the row still is what the ledger committed to."""
        return commit_to(self.as_told().record(), self.nonce) == self.entry.commitment

    def as_told(self) -> Told:
        return Told(
            symptoms=tuple(self.symptoms),
            place=self.place,
            district=self.district,
            since=self.since,
            hotline=self.hotline,
            device=self.device,
            text=self.text,
            claimed_at=self.claimed_at,
        )

    def uncount(self, reason: Reason) -> None:
        """Take the report out of the count, with its public reason."""
        db.session.flush()
        db.session.refresh(self, ["uncounted_seq", "place_id"], with_for_update=True)
        if not self.is_counted:
            raise AlreadyUncounted(self.id)
        entry = Entry.append(Kind.UNCOUNTED, minute=clock.minute(), reason=reason)
        db.session.flush()
        self.uncounted_seq = entry.seq
        PlaceTally.move(self.place_id, -1)

    def decide_text(self, to: TextState) -> None:
        """Release the reporter's words, withhold them, or let them wait again."""
        db.session.flush()
        here = Report.text_state.in_(WORDS_MOVE[to])
        moved = update(Report).where(Report.id == self.id, here).values(text_state=to)
        if db.session.scalar(moved.returning(Report.id)) is None:
            raise DecidedMeanwhile(self.id)


def receipt_of(key: str) -> str:
    """The receipt of a submission's key: the same code for the same key."""
    return tokens.receipt(settings().secret_key, key)


def rows() -> int:
    """How many reports count, by their rows."""
    return db.session.scalar(select(func.count()).select_from(Report).where(Report.uncounted_seq.is_(None))) or 0


def recounted_tallies() -> dict[str, int]:
    """How many counted reports each place has, by the rows."""
    counted = Report.uncounted_seq.is_(None) & Report.place_id.is_not(None)
    found = select(Report.place_id, func.count()).where(counted).group_by(Report.place_id)
    return {str(place): count for place, count in db.session.execute(found)}


def waiting_texts(limit: int, offset: int = 0) -> list[Report]:
    """Reporters' words that nobody has read yet, oldest first."""
    found = select(Report).where(Report.text_state == TextState.WAITING, Report.uncounted_seq.is_(None))
    return list(db.session.scalars(found.order_by(Report.id).limit(limit).offset(offset)))


def released_texts(limit: int) -> list[Report]:
    """Words that a person has released, newest first."""
    found = select(Report).where(Report.text_state == TextState.RELEASED, Report.uncounted_seq.is_(None))
    return list(db.session.scalars(found.order_by(Report.id.desc()).limit(limit)))


def count_waiting_texts() -> int:
    waiting = (Report.text_state == TextState.WAITING) & Report.uncounted_seq.is_(None)
    return db.session.scalar(select(func.count()).select_from(Report).where(waiting)) or 0


def _meant(typed: str) -> Place | None:
    meaning = gazetteer().resolve(typed)
    return meaning if isinstance(meaning, Place) else None


def _place_state(told: Told, place: Place | None) -> PlaceState:
    if place:
        return PlaceState.KNOWN
    return PlaceState.WAITING if told.place else PlaceState.AS_TYPED


def _day(at: datetime | None) -> date | None:
    return at.astimezone(clock.BERLIN).date() if at else None
