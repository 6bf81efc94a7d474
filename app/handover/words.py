"""What an extract may say of a report's own words: only what a person has released, blacked out."""

from app.reports.models import TextState
from app.web import blacking


def has_words(text: str, state: TextState) -> bool:
    """Whether there are words that may leave the house."""
    return bool(text) and state is TextState.RELEASED


def words_of(text: str, state: TextState) -> str:
    """The words as they may leave the house, else nothing."""
    return blacking.kept_blacked_out(text) if has_words(text, state) else ""
