"""What a customer sends, as the form sends it."""

from typing import Any

from werkzeug.test import TestResponse

from app.kit import tokens

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
