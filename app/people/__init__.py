"""The people with a name on the site: its own team and the companies' verified guests."""

from flask import Flask

from app.config import settings


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.people import commands, security, views

    with app.app_context():
        security.init_app(app, settings())
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.people)
