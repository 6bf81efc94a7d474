"""The gazetteer: which place a person means."""

from app.places.gazetteer import Gazetteer, gazetteer
from app.places.place import Ambiguous, Place

__all__ = ["Ambiguous", "Gazetteer", "Place", "gazetteer"]
