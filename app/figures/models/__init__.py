"""The nouns of the room."""

from app.figures.models.batch import Batch
from app.figures.models.day import Day
from app.figures.models.figure import Figure

__all__ = ["Batch", "Day", "Figure"]
