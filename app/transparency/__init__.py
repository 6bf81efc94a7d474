"""What was done with comments, counted every hour and told to everybody."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.transparency import jobs, views  # noqa: F401 -- the job registers itself

    app.register_blueprint(views.bp)
