"""Letters to people, which leave after what they tell is on disk."""

from flask import Flask


def init_app(_app: Flask) -> None:
    """Open the room: its jobs register themselves."""
    from app.mail import jobs  # noqa: F401 -- its jobs register themselves
