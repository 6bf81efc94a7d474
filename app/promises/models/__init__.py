"""The nouns of the room."""

from app.promises.models.answer import Answer, NotAsked, PromiseAnswer
from app.promises.models.event import Deed, Event
from app.promises.models.promise import Kind, Promise
from app.promises.models.tally import Tally

__all__ = ["Answer", "Deed", "Event", "Kind", "NotAsked", "Promise", "PromiseAnswer", "Tally"]
