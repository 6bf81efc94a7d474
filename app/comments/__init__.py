"""Readers' answers under posts."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.comments import commands, jobs, removal, views  # noqa: F401 -- the jobs register themselves
    from app.comments.models import Subscription, unseen  # noqa: F401 -- the session says from now on what readers see
    from app.comments.notes import NOTES
    from app.mail import bounces

    NOTES.init_app(app)
    removal.init_app(app)
    bounces.on_bounce(Subscription.end_all)
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.spam)
    app.cli.add_command(commands.comments)
