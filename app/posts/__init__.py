"""The shelf of Markdown posts."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.posts import commands, jobs, shelf, views  # noqa: F401 -- its jobs register themselves

    shelf.init_app(app)
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.posts)
