"""The published figures: by place, symptom and day, in daily batches from which nobody's single report can be read."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.figures import commands, jobs, published, views  # noqa: F401 -- its jobs register themselves

    published.init_app(app)
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.figures)
