"""The street side of the figures."""

from app.figures.views import me_too, numbers, places
from app.figures.views.room import bp

__all__ = ["bp", "me_too", "numbers", "places"]
