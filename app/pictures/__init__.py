"""Pictures for posts: made anew of what was uploaded, in three widths."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.pictures import views
    from app.pictures.decoding import LARGEST
    from app.web import guard

    app.register_blueprint(views.bp)
    guard.allow(app, "desk.add_picture", LARGEST + guard.BODY_LIMIT)
