"""Public answers in memory, whole or in parts, as fresh as the versions in the database."""

from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from app.cache.middleware import PageCache


def init_app(app: Flask) -> None:
    """Open the room; `stand_in_front` closes the door of the app behind it."""
    from sqlalchemy import make_url

    from app.cache import noting  # noqa: F401 -- the engine notes from now on what is read and written
    from app.cache.middleware import PageCache
    from app.cache.question import Question
    from app.cache.versions import Versions

    question = Question(make_url(app.config["SQLALCHEMY_DATABASE_URI"]))
    cache = PageCache(app, Versions(question))
    app.extensions["page_cache"], app.extensions["versions_question"] = cache, question


def stand_in_front(app: Flask) -> None:
    """From now on every request goes through the cache first; whatever else stands before the app is behind it."""
    cache = page_cache(app)
    cache.inner = app.wsgi_app
    app.wsgi_app = cache  # type: ignore[method-assign]  # the way that Flask documents


def close(app: Flask) -> None:
    """Ask no more, and let go of the connection."""
    page_cache(app).versions.close()
    app.extensions["versions_question"].close()


def page_cache(app: Flask) -> "PageCache":
    """The cache in front of an app; its `counts` say how readers were answered."""
    found: PageCache = app.extensions["page_cache"]
    return found
