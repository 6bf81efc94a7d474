"""The nouns of the room."""

from app.drafts.models.draft import Draft
from app.drafts.models.message import DraftMessage, Said
from app.drafts.models.preview import Preview
from app.drafts.models.release import EarlierRelease, PostRelease
from app.drafts.models.revision import DraftRevision, How
from app.drafts.models.rule import DraftRule
from app.drafts.models.signoff import Signoff
from app.drafts.models.stage import MovedOn, NotNow, Stage, State

__all__ = [
    "Draft",
    "DraftMessage",
    "DraftRevision",
    "DraftRule",
    "EarlierRelease",
    "How",
    "MovedOn",
    "NotNow",
    "PostRelease",
    "Preview",
    "Said",
    "Signoff",
    "Stage",
    "State",
]
