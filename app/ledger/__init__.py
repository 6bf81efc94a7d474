"""The append-only log from which anyone can recount the campaign."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.ledger import commands, jobs, views  # noqa: F401 -- its jobs register themselves

    app.register_blueprint(views.bp)
    app.cli.add_command(commands.ledger)
