"""The extract for the carrier, in which nobody can be found, with its public protocol."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.handover import commands, receipts, views, wording
    from app.reports.notes import NOTES

    wording.init_app(app)
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.handover)
    NOTES.add(app, receipts.NOTE)
