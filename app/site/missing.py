"""A page that is not there: moved, or mistyped; the answer helps to find it."""

from difflib import get_close_matches

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.kit import clock
from app.posts.shelf import shelf
from app.posts.views import alias_redirect
from app.web import errors
from app.web.language import language

SHOWN = 3


def init_app(app: Flask) -> None:
    @app.errorhandler(NotFound)
    def _missing(error: NotFound) -> ResponseReturnValue:
        moved = alias_redirect(request.path)
        return moved or errors.answer(error, suggestions=_suggestions(request.path))


def _suggestions(path: str) -> list[tuple[str, str]]:
    """Posts whose address is close to what was asked for, else the latest ones."""
    listing = {post.slug: post for post in shelf().listing(clock.now(), language())}
    close = get_close_matches(path.rpartition("/")[2].lower()[:120], listing, n=SHOWN, cutoff=0.5)
    return [(listing[slug].title, url_for("site.post", slug=slug)) for slug in close or list(listing)[:SHOWN]]
