"""The nouns of the room."""

from app.figures.models.batch import Batch, NotNow
from app.figures.models.count import Count
from app.figures.models.day import Day
from app.figures.models.figure import Figure
from app.figures.models.grant import Grant

__all__ = ["Batch", "Count", "Day", "Figure", "Grant", "NotNow"]
