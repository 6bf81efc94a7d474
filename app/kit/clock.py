"""What time it is: the one place that asks the machine."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def now() -> datetime:
    """The moment, aware, in UTC."""
    return datetime.now(UTC)


def minute() -> datetime:
    """The moment without its seconds: all that a public record may say of an arrival."""
    return now().replace(second=0, microsecond=0)


def today() -> date:
    """The day in Germany, where the campaign's days begin and end."""
    return now().astimezone(BERLIN).date()
