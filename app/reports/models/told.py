"""What a customer tells, as they told it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from app.kit import clock


@dataclass(frozen=True, slots=True)
class Told:
    """The answers of one form."""

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

    @property
    def claimed_day(self) -> date | None:
        """The day on which it was told elsewhere, in Germany; a claim."""
        return self.claimed_at.astimezone(clock.BERLIN).date() if self.claimed_at else None
