"""The nouns of the room."""

from app.reports.models.erasure import Erasure, erase
from app.reports.models.follow_up import Answer, Contact, FollowUp, Question
from app.reports.models.me_too import MeToo
from app.reports.models.place_name import Spelling, keep_as_typed, settle, unknown_places
from app.reports.models.report import DecidedMeanwhile, Report
from app.reports.models.states import PlaceState, Source, State, TextState
from app.reports.models.told import Told
from app.reports.models.voiding import Voiding
from app.reports.models.withdrawal import bring_back, withdraw

__all__ = [
    "Answer",
    "Contact",
    "DecidedMeanwhile",
    "Erasure",
    "FollowUp",
    "MeToo",
    "PlaceState",
    "Question",
    "Report",
    "Source",
    "Spelling",
    "State",
    "TextState",
    "Told",
    "Voiding",
    "bring_back",
    "erase",
    "keep_as_typed",
    "settle",
    "unknown_places",
    "withdraw",
]
