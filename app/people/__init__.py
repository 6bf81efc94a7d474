"""The people with a name on the site: its own team and the companies' verified guests."""

from flask import Flask

from app.config import settings


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.kit.outside import Outside
    from app.people import checking, commands, jobs, refused, returning, security, views  # noqa: F401 -- its jobs register themselves

    with app.app_context():
        security.init_app(app, settings())
    returning.init_app(app)
    refused.init_app(app)
    app.extensions[checking.OUTSIDE] = Outside()
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.people)
