"""The nouns of the room."""

from app.handover.models.answer import HandoverAnswer
from app.handover.models.handover import (
    Handover,
    KTooLarge,
    KTooSmall,
    NothingToHandOver,
    NotProposed,
    ProposalOpen,
    State,
)
from app.handover.models.record import Record
from app.handover.models.release import Release

__all__ = [
    "Handover",
    "HandoverAnswer",
    "KTooLarge",
    "KTooSmall",
    "NotProposed",
    "NothingToHandOver",
    "ProposalOpen",
    "Record",
    "Release",
    "State",
]
