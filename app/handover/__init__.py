"""The extract for the carrier, in which nobody can be found, with its public protocol."""

from flask import Flask


def init_app(app: Flask) -> None:  # noqa: ARG001 -- its pages and commands register themselves here
    """Open the room."""
    from app.handover import models  # noqa: F401 -- its tables
