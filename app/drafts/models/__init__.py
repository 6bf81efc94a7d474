"""The nouns of the room."""

from app.drafts.models.draft import Draft
from app.drafts.models.revision import DraftRevision, How
from app.drafts.models.stage import MovedOn, NotNow, Stage, State

__all__ = ["Draft", "DraftRevision", "How", "MovedOn", "NotNow", "Stage", "State"]
