"""Letters to people, which leave after what they tell is on disk."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.mail import commands, jobs  # noqa: F401 -- its jobs register themselves

    app.cli.add_command(commands.mail)
