"""The extract for the carrier, in which nobody can be found, with its public protocol."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.handover import commands, models  # noqa: F401 -- its tables

    app.cli.add_command(commands.handover)
