"""The nouns of the room."""

from app.notices.models.ground import Ground, Outcome, State
from app.notices.models.notice import ANSWER_DAYS, DecidedMeanwhile, Notice, Objection

__all__ = ["ANSWER_DAYS", "DecidedMeanwhile", "Ground", "Notice", "Objection", "Outcome", "State"]
