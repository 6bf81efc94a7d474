"""`/pictures/…`: the files, for everybody and for good."""

import re

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from app.kit import picture
from app.pictures import files
from app.pictures.models import Picture
from app.web import headers

bp = Blueprint("pictures", __name__)
FOR_GOOD = 31_536_000  # seconds
TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
_FILE = re.compile(rf"({picture.NAME})(?:-([1-9][0-9]{{0,3}})\.(webp|jpg))?")


@bp.get("/pictures/<file>")
def show(file: str) -> ResponseReturnValue:
    """One version; under the name alone the one of middle width as JPEG, for whoever embeds or links it."""
    found = _FILE.fullmatch(file)
    if found is None or Picture.named(found[1]) is None:
        abort(404)
    name, kind = found[1], found[3] or "jpg"
    width = found[2] or str(picture.middle(picture.Size.of(name)))
    data = files.read(name, f"{width}.{kind}")
    if data is None:
        abort(404)
    response = headers.public(Response(data, mimetype=TYPES[kind]), max_age=FOR_GOOD)
    response.cache_control.immutable = True
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
