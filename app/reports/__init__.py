"""The complaint form that feeds the counter."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.reports import commands, forms, jobs, views  # noqa: F401 -- its jobs register themselves
    from app.reports.notes import NOTES

    NOTES.init_app(app)
    app.jinja_env.globals["told_in_words"] = forms.in_words
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.reports)
