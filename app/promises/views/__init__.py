"""The street side of the promises."""

from app.promises.views import answering, reading
from app.promises.views.room import bp

__all__ = ["answering", "bp", "reading"]
