"""An app on an instance of its own, for fixtures that many tests share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app import close_app, create_app
from app.config import Settings


@contextmanager
def own_app(folder: Path, empty_database: Path) -> Iterator[Flask]:
    """On a copy of the migrated database, with an empty folder of posts."""
    instance, posts = folder / "instance", folder / "posts"
    instance.mkdir()
    posts.mkdir()
    (instance / "einzelfall.sqlite").write_bytes(empty_database.read_bytes())
    told = {"EINZELFALL_INSTANCE": str(instance), "EINZELFALL_POSTS": str(posts), "EINZELFALL_SECRET_KEY": "a secret"}
    app = create_app(Settings.load(told))
    app.testing = True
    yield app
    close_app(app)
