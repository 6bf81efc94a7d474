"""The carrier's promises, each with its story."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.promises import commands, jobs, note, views, words  # noqa: F401 -- its jobs register themselves
    from app.reports import notes

    words.init_app(app)
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.promises)
    notes.add(app, note.NOTE)
