"""What a file says of one comment, in the same words whatever wrote the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any, NamedTuple

from app.comments.models import State
from app.kit import clock, tokens
from app.web.moving import Fault


class Unreadable(Exception):
    """Nothing of the file is read; the message says why, and what to do."""


class Broken(Fault):
    """From here on the file is not to be read; what stood before is."""


class Why(StrEnum):
    """What is read and not brought in."""

    PING = "ping"
    OTHER = "other"
    DELETED = "deleted"
    ERASED = "erased"  # here, whatever the file still has


class LeftOut(NamedTuple):
    """A row that is no comment, or none any more."""

    why: Why


class Thread(NamedTuple):
    """What a comment stood under: how a person knows it, and by what we may."""

    name: str
    addresses: tuple[str, ...]
    is_slug: bool = False  # ours, and nothing else


@dataclass(frozen=True, slots=True)
class Row:
    """One comment. `key` and `parent` are hashes, the same each time this comment is read.

    `beside` counts what the file also has of it and what is not brought in. `kept` is what only our own export says.
    """

    line: int
    key: str
    thread: Thread
    parent: str | None
    name: str
    text: str
    written_at: datetime
    state: State
    beside: tuple[str, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)  # Any: columns' values
    is_sealed: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    """A comment that is gone, or in the bin: nothing of it comes but its place, where something answers it."""

    line: int
    key: str
    thread: Thread
    parent: str | None
    written_at: datetime


class Odd(StrEnum):
    """What a text cannot have."""

    NO_UTF8 = "no-utf8"  # bytes
    FORBIDDEN = "forbidden"  # signs, as control characters are


class Mended(NamedTuple):
    """How many signs of the whole file were such ones, and in which line the first of them is."""

    odd: Odd
    many: int
    line: int


Read = Row | Deleted | LeftOut | Mended | Fault


class Refused(Exception):
    """What is read cannot be a comment; `column` is what the file calls the fault's place."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def key_of(kind: str, site: str, old: str) -> str:
    """The hash under which a comment is known that had the number `old` on its site."""
    return tokens.digest(f"import\0{kind}\0{site}\0{old}")


def moment(text: str, column: str, zone: tzinfo = UTC) -> datetime:
    """A time in UTC, as the three write it; of one that does not say its zone it is this."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(column, f"“{text[:40]}” is no date with a time.") from None
    return past(at.replace(tzinfo=zone) if at.tzinfo is None else at, column)


def past(at: datetime, column: str) -> datetime:
    """The same time in UTC. Raises Refused for one at which nobody wrote, also where no calendar reaches it in UTC."""
    try:
        universal = at.astimezone(UTC)
    except OverflowError:
        universal = None
    if universal is None or not datetime(1990, 1, 1, tzinfo=UTC) < universal <= clock.now():
        raise Refused(column, f"{at:%Y-%m-%d %H:%M} is no time at which somebody can have written it.")
    return universal
