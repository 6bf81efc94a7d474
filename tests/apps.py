"""Apps that a test makes beside its own, and must let go of."""

from flask import Flask

from app import cache
from app.extensions import db


def put_away(app: Flask) -> None:
    """Nobody is asked any more: connections, threads and watched folders of an app are given back."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["shelf"].close()
    cache.close(app)
