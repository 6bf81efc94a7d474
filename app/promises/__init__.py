"""The carrier's promises, each with its story."""

from flask import Flask


def init_app(app: Flask) -> None:  # noqa: ARG001 -- its pages and commands register themselves here
    """Open the room."""
    from app.promises import models  # noqa: F401 -- its tables
