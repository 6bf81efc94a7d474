"""What somebody objects to about a comment, until both sides know what became of it."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.comments.notes import NOTES
    from app.notices import jobs, note, views, words  # noqa: F401 -- the jobs register themselves

    words.init_app(app)
    NOTES.add(app, note.NOTE)
    app.register_blueprint(views.bp)
