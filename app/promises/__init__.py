"""The carrier's promises, each with its story."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.promises import note, views, words
    from app.reports import notes

    words.init_app(app)
    app.register_blueprint(views.bp)
    notes.add(app, note.NOTE)
