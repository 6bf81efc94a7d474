"""The nouns of the room."""

from app.reports.models.place_name import Spelling, keep_as_typed, settle, unknown_places
from app.reports.models.report import (
    AlreadyUncounted,
    DecidedMeanwhile,
    PlaceState,
    Report,
    Source,
    TextState,
    Told,
    recounted_tallies,
)
from app.reports.models.tally import PlaceTally

__all__ = [
    "AlreadyUncounted",
    "DecidedMeanwhile",
    "PlaceState",
    "PlaceTally",
    "Report",
    "Source",
    "Spelling",
    "TextState",
    "Told",
    "keep_as_typed",
    "recounted_tallies",
    "settle",
    "unknown_places",
]
