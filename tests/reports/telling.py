"""What a customer sends, as the form sends it."""

from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.extensions import db
from app.kit import tokens
from app.reports.models import Report, State

URL = "/reports"
JSON = {"Accept": "application/json"}
LENA: dict[str, object] = {
    "symptoms": ["data_slow", "calls_drop"],
    "place": "Hamburg",
    "district": "Altona",
    "since": "weeks",
    "hotline": "isolated_case",
    "device": "HTC Desire",
    "text": "Seit Wochen geht am Bahnhof Altona nichts mehr.",
}


def with_key(key: str = "", **changes: Any) -> dict[str, object]:
    """Lena's report with a key of its own."""
    return LENA | {"key": key or tokens.new_key()} | changes


def said(answer: TestResponse) -> dict[str, Any]:
    """What an answer says as JSON."""
    found: dict[str, Any] = answer.get_json()
    return found


def by_place() -> dict[str, int]:
    """How many counted reports each known place has."""
    counted = select(Report.place_id, func.count()).where(Report.state == State.COUNTED, Report.place_id.is_not(None))
    return {str(place): count for place, count in db.session.execute(counted.group_by(Report.place_id))}
