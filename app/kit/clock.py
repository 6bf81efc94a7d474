"""What time it is: the one place that asks the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The moment, aware, in UTC."""
    return _standing.get() or datetime.now(UTC)


def minute() -> datetime:
    """The moment without its seconds: all that a public record may say of an arrival."""
    return now().replace(second=0, microsecond=0)


def today() -> date:
    """The day in Germany, where the campaign's days begin and end."""
    return now().astimezone(BERLIN).date()


def in_weeks(weeks: int) -> date:
    """The day so many weeks from today."""
    return today() + timedelta(weeks=weeks)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand still, for an instance that shows another time: the demo of 2011, a test."""
    token = _standing.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _standing.reset(token)
