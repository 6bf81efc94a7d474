"""The gazetteer: which place a person means."""

from flask import Flask

from app.places.gazetteer import Gazetteer, gazetteer
from app.places.place import Ambiguous, Place

__all__ = ["Ambiguous", "Gazetteer", "Place", "gazetteer", "init_app"]


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.places import views

    app.register_blueprint(views.bp)
