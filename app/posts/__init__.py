"""The shelf of Markdown posts."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.posts import commands, shelf, views

    shelf.init_app(app)
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.posts)
