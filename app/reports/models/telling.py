"""A telling: one report on its way into the table, with all that can be known before its transaction begins."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.ledger.models import Kind, Unwritten, Written, commit_to, new_nonce
from app.places import Place, gazetteer
from app.reports.models.states import PlaceState, Source, State, TextState
from app.reports.models.told import Told


@dataclass(slots=True)
class Telling:
    """What is told, under which receipt, and how it is to be stored."""

    told: Told
    receipt_hash: str
    source: Source = Source.FORM
    signals: tuple[str, ...] = ()
    cluster: str | None = None
    is_held: bool = False
    columns: dict[str, Any] = field(init=False)  # Any: columns' values
    commitment: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.columns = columns_of(self.told)
        self.commitment = commit_to(self.told.record(), self.columns["nonce"])

    def entry(self) -> Unwritten:
        """What the ledger says of it."""
        if self.source is Source.IMPORT:
            return Unwritten(Kind.IMPORTED, commitment=self.commitment, claimed_day=self.told.claimed_day)
        return Unwritten(Kind.COUNTED, commitment=self.commitment)

    def row(self, minute: datetime, entry: Written | None) -> dict[str, Any]:  # Any: columns' values
        """Its row: counted by `entry`, or held without one."""
        seq, number = (entry.seq, entry.counter) if entry else (None, None)
        return self.columns | {
            "receipt_hash": self.receipt_hash,
            "source": self.source,
            "state": State.COUNTED if entry else State.HELD,
            "told_at": minute,
            "number": number,
            "entry_seq": seq,
            "commitment_seq": seq,
            "signals": list(self.signals),
            "cluster": self.cluster,
        }


def columns_of(told: Told) -> dict[str, Any]:  # Any: columns' values
    """What was told as its row has it, under a new nonce."""
    place = meant(told.place)
    unknown = PlaceState.WAITING if told.place else PlaceState.AS_TYPED
    return {
        "nonce": new_nonce(),
        "claimed_at": told.claimed_at,
        "symptoms": list(told.symptoms),
        "place": told.place,
        "place_state": PlaceState.KNOWN if place else unknown,
        "district": told.district,
        "since": told.since,
        "hotline": told.hotline,
        "device": told.device,
        "text": told.text,
        "text_state": TextState.WAITING if told.text else TextState.NONE,
        **ids_of(place, told.district),
    }


def ids_of(place: Place | None, district: str) -> dict[str, str | None]:
    """Which place, and which of its districts, the words mean."""
    named = gazetteer().district_id(place.id, district) if place and district else None
    return {"place_id": place.id if place else None, "district_id": named}


def meant(typed: str) -> Place | None:
    """The one place that the words mean."""
    meaning = gazetteer().resolve(typed)
    return meaning if isinstance(meaning, Place) else None
