"""Posts on their way: written in the browser, signed off, released."""

from flask import Flask


def init_app(_app: Flask) -> None:
    """Open the room; its pages are the desk's."""
    from app.drafts import models  # noqa: F401 -- its tables are known from then on
