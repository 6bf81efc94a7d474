"""The gazetteer: which place a person means."""

from flask import Flask

from app.config import Campaign, InvalidConfig
from app.places.area import Area, Level
from app.places.gazetteer import Gazetteer, gazetteer
from app.places.place import Ambiguous, Place
from app.places.tables import UnknownCountry, require_country

__all__ = ["Ambiguous", "Area", "Gazetteer", "Level", "Place", "gazetteer", "init_app"]


def init_app(app: Flask) -> None:
    """Open the room; a country without places is refused at start."""
    from app.places import views

    try:
        require_country(app.extensions["campaign"].country)
    except UnknownCountry as error:
        raise InvalidConfig(f"country: {error} ({Campaign.model_fields['country'].description})") from None
    app.register_blueprint(views.bp)
