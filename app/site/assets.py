"""Styles, scripts and pictures as they are served: under an address for good, as small as they get."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path

import brotli
from flask import Flask, request, url_for
from flask.wrappers import Response

STATIC = Path(__file__).parent.parent / "static"
SQUEEZED = ("text/css", "text/javascript", "image/svg+xml")


def static_url(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for good."""
    return url_for("static", filename=name, v=_hash(name, (STATIC / name).stat().st_mtime))


@cache
def _hash(name: str, _mtime: float) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=64)
def _squeezed(raw: bytes) -> bytes:
    """As small as brotli can; that takes ten milliseconds, so it is done once a file."""
    return bytes(brotli.compress(raw, quality=11))


def init_app(app: Flask) -> None:
    @app.after_request
    def _squeeze(response: Response) -> Response:
        is_wanted = request.endpoint == "static" and request.method == "GET" and response.status_code == 200
        if not is_wanted or response.mimetype not in SQUEEZED or not request.accept_encodings.quality("br"):
            return response
        response.direct_passthrough = False
        response.set_data(_squeezed(response.get_data()))
        response.headers["Content-Encoding"] = "br"
        response.vary.add("Accept-Encoding")
        response.set_etag(f"{response.get_etag()[0]}:br")
        response.make_conditional(request)
        return response

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.cache_control.max_age, response.cache_control.immutable = 31_536_000, True
            response.cache_control.public, response.cache_control.no_cache = True, None
        return response
