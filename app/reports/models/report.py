"""A report: what one customer told, counted in the transaction that stores it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.config import settings
from app.extensions import Model, UtcDateTime, db, state_column, table_of
from app.kit import clock, tokens
from app.ledger.models import Entry, Head, Kind, Reason, commit_to, entry_subject
from app.places import Place, gazetteer
from app.reports.models.states import WORDS_MOVE, PlaceState, Source, State, TextState
from app.reports.models.telling import Telling, columns_of, ids_of
from app.reports.models.told import Told

DECIDED_PLACE = {"place_state", "place_id", "district_id"}  # of a place a person may have said which is meant


class DecidedMeanwhile(Exception):
    """Somebody else has decided on this since it was read."""


class Report(Model):
    """One report. Who sent it is not in it; the receipt's hash is all that leads back."""

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_state", "state", "id"),
        Index("ix_report_voices", "place_id", "text_state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_hash: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(32))
    source: Mapped[Source] = mapped_column(state_column(Source, "source"))
    state: Mapped[State] = mapped_column(state_column(State, "state"))
    reason: Mapped[Reason | None] = mapped_column(state_column(Reason, "reason"))
    decided_on: Mapped[date | None]
    told_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    number: Mapped[int | None]
    symptoms: Mapped[list[str]] = mapped_column(JSON)
    place: Mapped[str] = mapped_column(String(120))
    place_id: Mapped[str | None] = mapped_column(String(60))
    place_state: Mapped[PlaceState] = mapped_column(state_column(PlaceState, "place_state"), index=True)
    district: Mapped[str] = mapped_column(String(120), default="")
    district_id: Mapped[str | None] = mapped_column(String(120))
    since: Mapped[str] = mapped_column(String(80), default="")
    hotline: Mapped[str] = mapped_column(String(300), default="")
    device: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    text_state: Mapped[TextState] = mapped_column(state_column(TextState, "text_state"), index=True)
    signals: Mapped[list[str]] = mapped_column(JSON, default=list)
    cluster: Mapped[str | None] = mapped_column(String(16), index=True)
    entry_seq: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.seq"), unique=True)
    commitment_seq: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.seq"))
    voiding_id: Mapped[int | None] = mapped_column(ForeignKey("voiding.id"), index=True)

    committed: Mapped[Entry | None] = relationship(foreign_keys=[commitment_seq])

    @classmethod
    def told_before(cls, receipt: str) -> Self | None:
        """The report that a receipt belongs to."""
        return db.session.scalar(select(cls).where(cls.receipt_hash == tokens.digest(receipt)))

    @classmethod
    def take(cls, receipt: str) -> Self | None:
        """The same report, nobody else's until the caller's transaction ends: for what its owner does to it."""
        Head.take()  # before the row, as everybody who writes: two who meet wait for each other, and in one order
        found = select(cls).where(cls.receipt_hash == tokens.digest(receipt)).with_for_update()
        return db.session.scalar(found.execution_options(populate_existing=True))

    @classmethod
    def tell_all(cls, tellings: Sequence[Telling]) -> list[int | None]:
        """Store reports and count those that are not held: rows, counter, ledger entries, all or nothing.

        Returns the number of each, None for a held one. Raises IntegrityError for a key that is stored already.
        """
        if not tellings:
            return []
        minute = clock.minute()
        entries = iter(Entry.append_all([one.entry() for one in tellings if not one.is_held], minute=minute))
        rows = [one.row(minute, None if one.is_held else next(entries)) for one in tellings]
        db.session.execute(STORE, rows)
        return [row["number"] for row in rows]

    @classmethod
    def tell(
        cls,
        told: Told,
        key: str,
        *,
        source: Source = Source.FORM,
        signals: Sequence[str] = (),
        cluster: str | None = None,
        is_held: bool = False,
    ) -> Self:
        """Store one report; in the same way."""
        hash_ = tokens.digest(receipt_of(key))
        cls.tell_all([Telling(told, hash_, source, tuple(signals), cluster, is_held)])
        return db.session.scalars(select(cls).where(cls.receipt_hash == hash_)).one()

    @property
    def is_counted(self) -> bool:
        return self.state == State.COUNTED

    @property
    def is_open(self) -> bool:
        """Whether it counts or may come to count, so that its owner can correct it and take it back."""
        return self.state in {State.COUNTED, State.HELD}

    @property
    def is_withdrawn(self) -> bool:
        return not self.is_open and self.reason == Reason.WITHDRAWN

    @property
    def words_seen(self) -> str:
        """What a page notes of the words that it shows, so that no others are released from it."""
        return tokens.digest(self.text)[:16]

    def is_what_was_counted(self) -> bool:
        """Whether the row still is what the ledger committed to."""
        return self.committed is None or commit_to(self.as_told().record(), self.nonce) == self.committed.commitment

    def says(self, told: Told) -> bool:
        """Whether that is what it says already."""
        return self.as_told().record() == told.record()

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

    def release(self) -> None:
        """Count a held report: a person has looked at it."""
        self._move({State.HELD}, State.COUNTED)
        self._count()

    def refuse(self, reason: Reason) -> None:
        """Say of a held report that it is none; it was never counted, so the ledger has nothing to say."""
        self._move({State.HELD}, State.REFUSED, reason)

    def hold_again(self) -> None:
        """Undo a refusal."""
        self._move({State.REFUSED}, State.HELD)

    def uncount(self, reason: Reason) -> None:
        """Take the report out of the count, with its public reason."""
        self._move({State.COUNTED}, State.UNCOUNTED, reason)
        self._note(Kind.UNCOUNTED, reason=reason)

    def recount(self) -> None:
        """Undo that: count the report again."""
        self._move({State.UNCOUNTED}, State.COUNTED)
        self._note(Kind.RECOUNTED)

    def correct(self, told: Told) -> None:
        """Replace what was told; the ledger commits to the new words under a new nonce, the count stays."""
        self._move({State.COUNTED, State.HELD}, self.state)
        self._write(told)
        if self.is_counted:
            self.committed = self._note(Kind.CORRECTED, commitment=commit_to(told.record(), self.nonce))

    def decide_text(self, to: TextState) -> None:
        """Release the reporter's words, withhold them, or let them wait again; as they were read, and no others."""
        db.session.flush()
        here = Report.text_state.in_(WORDS_MOVE[to]) & (Report.text == self.text)
        moved = update(Report).where(Report.id == self.id, here).values(text_state=to)
        if db.session.scalar(moved.returning(Report.id)) is None:
            raise DecidedMeanwhile(self.id)

    def _write(self, told: Told) -> None:
        """Note what was told; what a person decided on words or a place holds while those stay the same."""
        fresh = columns_of(told)
        if told.text == self.text:
            del fresh["text_state"]
        if told.place == self.place:
            is_same = told.district == self.district
            kept = {} if is_same else ids_of(gazetteer().get(self.place_id or ""), told.district)
            fresh = {name: fresh[name] for name in fresh.keys() - DECIDED_PLACE} | kept
        for name, value in fresh.items():
            setattr(self, name, value)

    def means(self, place: Place | None) -> None:
        """Say which place, and which of its districts, the words mean."""
        for name, value in ids_of(place, self.district).items():
            setattr(self, name, value)

    def _count(self) -> None:
        told = self.as_told()
        imported = self.source == Source.IMPORT
        entry = Entry.append(
            Kind.IMPORTED if imported else Kind.COUNTED,
            minute=clock.minute(),
            commitment=commit_to(told.record(), self.nonce),
            claimed_day=told.claimed_day if imported else None,
        )
        self.state, self.entry_seq, self.committed = State.COUNTED, entry.seq, entry
        self.number = db.session.get_one(Head, 1).counter  # Entry.append holds that row

    def _note(self, kind: Kind, *, reason: Reason | None = None, commitment: bytes | None = None) -> Entry:
        """Write into the ledger what became of this report's entry."""
        if self.entry_seq is None:
            raise DecidedMeanwhile(self.id)
        about = entry_subject(self.entry_seq)
        return Entry.append(kind, minute=clock.minute(), reason=reason, commitment=commitment, subject=about)

    def _move(self, from_: Iterable[State], to: State, reason: Reason | None = None) -> None:
        """Compare and set, so that of two who decide at once one is told."""
        Head.take()  # before the row, as in `take`
        here = update(Report).where(Report.id == self.id, Report.state.in_(from_))
        values: dict[str, Any] = {  # Any: columns' values
            "state": to,
            "reason": reason,
            "decided_on": clock.today(),
            "voiding_id": None,
        }
        moved = here.values(values).returning(Report.id).execution_options(synchronize_session=False)
        if db.session.scalar(moved) is None:
            raise DecidedMeanwhile(self.id)
        db.session.refresh(self)


STORE = insert(table_of(Report))


def receipt_of(key: str) -> str:
    """The receipt of a submission's key: the same code for the same key."""
    return tokens.receipt(settings().secret_key, key)


def rows() -> int:
    """How many reports count, by their rows."""
    return count_in(State.COUNTED)


def count_in(state: State) -> int:
    return db.session.scalar(select(func.count()).select_from(Report).where(Report.state == state)) or 0
