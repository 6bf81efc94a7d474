"""What became of a promise: appended with its source, never changed; what was wrong is taken back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Select, String, Text, UniqueConstraint, bindparam, event, select
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock
from app.ledger.models.entry import AppendOnly
from app.posts.shelf import shelf
from app.promises.models.refusal import Refusal


class Deed(StrEnum):
    """What an event says."""

    CLAIMED = "claimed"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"
    CLARIFIED = "clarified"
    REPLY = "reply"  # the carrier's own note, its right of reply
    TAKEN_BACK = "taken-back"  # of an event, or with `about_id` None of the promise: it was marked by mistake


TOLD = (Deed.CLAIMED, Deed.POSTPONED, Deed.WITHDRAWN, Deed.CLARIFIED)


class Event(Model):
    """One line of a promise's story."""

    __tablename__ = "promise_event"
    __table_args__ = (UniqueConstraint("promise_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), index=True)
    key: Mapped[str] = mapped_column(String(100))  # of its sending: the same form sent twice is one line
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

    @classmethod
    def of(cls, promise_ids: Sequence[int]) -> list["Event"]:
        """Every line of these promises, in the order in which it was said."""
        return list(db.session.scalars(_of(), {"ids": list(promise_ids)}))

    @classmethod
    def sent_before(cls, promise_id: int, key: str) -> "Event | None":
        return db.session.scalar(select(cls).where(cls.promise_id == promise_id, cls.key == key))

    @property
    def is_taking_back(self) -> bool:
        return self.deed is Deed.TAKEN_BACK


@cache
def _of() -> Select[Event]:
    found = select(Event).where(Event.promise_id.in_(bindparam("ids", expanding=True)))
    return found.order_by(Event.said_on, Event.id)


def possible_day(said_on: date, made_on: date) -> date:
    """The day on which something was said of a promise; raises Refusal for one before it was made or still to come."""
    if said_on > clock.today():
        raise Refusal(_("That day is still to come."), "said_on")
    if said_on < made_on:
        raise Refusal(_("That day is before the promise was made."), "said_on")
    return said_on


def claim_among(standing: Iterable[Event]) -> Event | None:
    """The first claim since the promise was last postponed or withdrawn."""
    first = None
    for line in standing:
        if line.deed is Deed.CLAIMED:
            first = first or line
        elif line.deed in {Deed.POSTPONED, Deed.WITHDRAWN}:
            first = None
    return first


def possible_claim(promise_id: int, said_on: date, key: str) -> None:
    """Raises Refusal for a claim before the one that stands: answers given before anybody was asked would count."""
    events = [line for line in Event.of([promise_id]) if not key or line.key != key]
    struck = {line.about_id for line in events if line.is_taking_back}
    claim = claim_among(line for line in events if line.id not in struck)
    if claim and said_on < claim.said_on:
        raise Refusal(_("That day is before the claim that stands."), "said_on")


def possible_due(due_on: date | None, said_on: date) -> date | None:
    """The last day that was named; raises Refusal for one before the words were said."""
    if due_on is not None and due_on < said_on:
        raise Refusal(_("The last day cannot be before the day on which it was said."), "due_on")
    return due_on


def source_at(address: str) -> str:
    """Where the words stand: an address on the web, or that of a post here; raises Refusal for anything else."""
    address = address.strip()
    if not address:
        raise Refusal(_("Please say where it was said: an address on the web, or a post of this site."), "source")
    post = shelf().get(address.removeprefix("/posts/").partition("#")[0], clock.now())
    if post:
        return address if address.startswith("/posts/") else post.url
    if not _is_web_address(address):
        raise Refusal(_("Please enter an address like https://example.org/news or /posts/a-post."), "source")
    return address


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_whole and parts.scheme in {"http", "https"} and not any(map(str.isspace, address)) and len(address) <= 300


@event.listens_for(Event, "before_update")
@event.listens_for(Event, "before_delete")
def _refuse(_mapper: Mapper[Event], _connection: object, line: Event) -> None:
    raise AppendOnly(f"event {line.id} of a promise is written and stays as it is")
