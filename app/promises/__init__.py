"""The carrier's promises, each with its story."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.promises import commands, jobs, models  # noqa: F401 -- its tables and jobs register themselves

    app.cli.add_command(commands.promises)
