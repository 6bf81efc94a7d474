"""What rooms above know of a report, for its owner: a part of the receipt's page, and facts for the export."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from app.reports.models import Report


@dataclass(frozen=True, slots=True)
class Note:
    """`draw` answers HTML for the report with this receipt, empty for nothing; `facts` what the export says."""

    draw: Callable[[Report, str], Markup]
    facts: Callable[[Report], dict[str, Any]]  # Any: JSON values


def init_app(app: Flask) -> None:
    app.extensions["notes"] = []


def add(app: Flask, note: Note) -> None:
    """Let a room above say something on every receipt."""
    app.extensions["notes"].append(note)


def drawn(report: Report, receipt: str) -> list[Markup]:
    """What there is to show of a report, room by room."""
    return [html for note in _all() if (html := note.draw(report, receipt))]


def facts(report: Report) -> dict[str, Any]:  # Any: JSON values
    """What there is to export of a report, of all rooms."""
    return {key: value for note in _all() for key, value in note.facts(report).items()}


def _all() -> list[Note]:
    found: list[Note] = current_app.extensions["notes"]
    return found
