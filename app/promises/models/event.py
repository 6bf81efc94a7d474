"""What became of a promise: appended with its source, never changed; what was wrong is taken back."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.extensions import Model, UtcDateTime, state_column
from app.ledger.models.entry import AppendOnly


class Deed(StrEnum):
    """What an event says."""

    CLAIMED = "claimed"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"
    CLARIFIED = "clarified"
    REPLY = "reply"  # the carrier's own note, its right of reply
    TAKEN_BACK = "taken-back"  # of an event, or with `about_id` None of the promise: it was marked by mistake


class Event(Model):
    """One line of a promise's story."""

    __tablename__ = "promise_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), index=True)
    deed: Mapped[Deed] = mapped_column(state_column(Deed, "deed"))
    said_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(2))
    translation: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    due_words: Mapped[str] = mapped_column(String(120), default="")
    due_translation: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date | None]
    about_id: Mapped[int | None] = mapped_column(ForeignKey("promise_event.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


@event.listens_for(Event, "before_update")
@event.listens_for(Event, "before_delete")
def _refuse(_mapper: Mapper[Event], _connection: object, line: Event) -> None:
    raise AppendOnly(f"event {line.id} of a promise is written and stays as it is")
