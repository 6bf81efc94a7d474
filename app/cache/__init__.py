"""Complete public answers in memory, as fresh as the versions in the database."""

from flask import Flask


def init_app(_app: Flask) -> None:
    """Open the room."""
    from app.cache import models  # noqa: F401 -- the table is known from now on
