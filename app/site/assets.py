"""Styles, scripts and pictures as they are served: under an address for good; the page cache packs and keeps them."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, g, request, url_for
from flask.wrappers import Response

STATIC = Path(__file__).parent.parent / "static"
FOR_GOOD = 31_536_000  # seconds


def static_url(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for good."""
    return url_for("static", filename=name, v=_hash_now(name))


def _hash_now(name: str) -> str:
    return _hash(name, (STATIC / name).stat().st_mtime_ns)


@cache
def _hash(name: str, _mtime: int) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def init_app(app: Flask) -> None:
    @app.after_request
    def _keep(response: Response) -> Response:
        """A file under the hash that it has; under that of an older one it is served, and asked for again."""
        if request.endpoint != "static" or response.status_code != 200:
            return response
        if request.query_string.decode("ascii", "replace") == f"v={_hash_now(request.view_args['filename'])}":  # type: ignore[index]  # its route has that part
            g.is_public = True
            response.cache_control.max_age, response.cache_control.immutable = FOR_GOOD, True
            response.cache_control.public, response.cache_control.no_cache = True, None
        return response
