"""Readers' answers under posts."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.comments import jobs, views  # noqa: F401 -- the jobs register themselves

    app.register_blueprint(views.bp)
