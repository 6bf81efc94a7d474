"""The nouns of the room."""

from app.promises.models.answer import Answer, NotAsked, PromiseAnswer
from app.promises.models.event import Deed, Event
from app.promises.models.kind import Kind
from app.promises.models.promise import Promise, is_still_said, may_mark
from app.promises.models.refusal import MarkedAlready, NotSaid, NotYours, Refusal
from app.promises.models.scope import in_scope, open_claims_for
from app.promises.models.story import Standing, Story, Told, standing, standings, stories, story
from app.promises.models.tally import Tally

__all__ = [
    "Answer",
    "Deed",
    "Event",
    "Kind",
    "MarkedAlready",
    "NotAsked",
    "NotSaid",
    "NotYours",
    "Promise",
    "PromiseAnswer",
    "Refusal",
    "Standing",
    "Story",
    "Tally",
    "Told",
    "in_scope",
    "is_still_said",
    "may_mark",
    "open_claims_for",
    "standing",
    "standings",
    "stories",
    "story",
]
