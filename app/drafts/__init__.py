"""Posts on their way: written in the browser, signed off, released."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room; the pages of its writers are the desk's."""
    from app.drafts import jobs, signed, views  # noqa: F401 -- its jobs register themselves

    app.register_blueprint(views.bp)
    app.extensions["shelf"].veil(signed.Veil())
