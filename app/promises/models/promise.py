"""A promise: a sentence of a post, who said it, when, for where, and by when as vaguely as it was said."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.extensions import Model, UtcDateTime, state_column
from app.ledger.models.entry import AppendOnly


class Kind(StrEnum):
    """What it is about."""

    CAPACITY = "capacity"
    INVESTMENT = "investment"
    ROLL_OUT = "roll-out"
    HARDWARE = "hardware"
    WIFI = "wifi"
    TRANSPORT = "transport"
    INFORMATION = "information"
    OTHER = "other"


class Promise(Model):
    """What was marked. It never changes; what becomes of it are events."""

    __tablename__ = "promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[Kind] = mapped_column(state_column(Kind, "kind"))
    sentence: Mapped[str] = mapped_column(Text)  # word for word
    lang: Mapped[str] = mapped_column(String(2))
    translation: Mapped[str] = mapped_column(Text, default="")  # into the site's other language, by the editors
    post_slug: Mapped[str] = mapped_column(String(255), index=True)
    organisation_slug: Mapped[str | None] = mapped_column(String(60))
    who: Mapped[str] = mapped_column(String(120))
    made_on: Mapped[date]
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)  # ids; none: wherever the carrier is
    due_words: Mapped[str] = mapped_column(String(120), default="")  # as it was said
    due_translation: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date | None]  # the last day that these words can mean
    marked_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)


@event.listens_for(Promise, "before_update")
@event.listens_for(Promise, "before_delete")
def _refuse(_mapper: Mapper[Promise], _connection: object, promise: Promise) -> None:
    raise AppendOnly(f"promise {promise.slug} is marked and stays as it is")
