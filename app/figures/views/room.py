"""What the pages of the room share."""

from flask import Blueprint, abort

from app.extensions import csrf
from app.places import Area, gazetteer

bp = Blueprint("figures", __name__)
csrf.exempt(bp)


def area_or_404(slug: str) -> Area:
    """The country, state, place or district of that address."""
    return gazetteer().area_by_slug(slug) or abort(404)
