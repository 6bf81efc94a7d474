"""What an extract may say of a report's own words: only what a person has released, blacked out."""

from app.reports.models import TextState
from app.web import blacking


def has_words(text: str, state: TextState) -> bool:
    """Whether there are words that may leave the house."""
    return bool(text) and state is TextState.RELEASED


def as_they_leave(words: str) -> str:
    """Released words as the files have them."""
    return blacking.kept_blacked_out(words)
