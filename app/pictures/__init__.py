"""Pictures for posts: made anew of what was uploaded, in three widths."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.pictures import jobs, views  # noqa: F401 -- its jobs register themselves

    app.register_blueprint(views.bp)
