"""The carrier's promises, each with its story."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.promises import commands, jobs, note, views, words  # noqa: F401 -- its jobs register themselves
    from app.reports.notes import NOTES

    words.init_app(app)
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.promises)
    NOTES.add(app, note.NOTE)
