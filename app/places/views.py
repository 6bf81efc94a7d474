"""What the complaint form asks while someone types: places, and the districts of a place."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from app.places.gazetteer import gazetteer
from app.web import headers

SHORTEST, LONGEST = 2, 100  # characters of a question worth an answer

bp = Blueprint("places", __name__)


@bp.get("/places/suggest")
def suggest() -> Response:
    typed = request.args.get("q", "").strip()
    asked = SHORTEST <= len(typed) <= LONGEST
    found = gazetteer().suggest(typed) if asked else []
    return _lasting([{"id": place.id, "name": place.name, "label": place.label} for place in found])


@bp.get("/places/<place_id>/districts.json")
def districts(place_id: str) -> Response:
    if gazetteer().get(place_id) is None:
        abort(404)
    return _lasting(list(gazetteer().districts(place_id)))


def _lasting(answer: list[Any]) -> Response:  # Any: whatever JSON can say
    """The same for everybody and for an hour; asked again, a 304."""
    return headers.public(jsonify(answer), max_age=3600)
