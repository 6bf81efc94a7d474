"""More people than the site can serve at once: what is left out until they are fewer."""

from flask import Flask


def init_app(_app: Flask) -> None:
    """Open the room."""
    from app.surge import models  # noqa: F401 -- the table is known from now on
