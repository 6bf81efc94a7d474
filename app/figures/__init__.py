"""The published figures: by place, symptom and day, in daily batches from which nobody's single report can be read."""

from flask import Flask


def init_app(_app: Flask) -> None:
    """Open the room."""
