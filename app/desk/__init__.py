"""Where what waits is decided."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.desk import views

    app.register_blueprint(views.bp)
