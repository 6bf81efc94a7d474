"""The complaint form that feeds the counter."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.reports import commands, views

    app.register_blueprint(views.bp)
    app.cli.add_command(commands.reports)
