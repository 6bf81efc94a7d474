"""A signed note of the hour in which a form was drawn: a signal, never a condition.

Public pages are the same bytes for all readers, so the token says no more than the hour.
"""

from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, Signer

HOUR = 3600
SKEW = 300  # seconds by which clocks of several hosts may differ
LONGEST = 100


def issue(now: datetime) -> str:
    """The token of the hour of `now`: the same text for everyone within it."""
    return _signer().sign(str(int(now.timestamp()) // HOUR)).decode()


def age(token: str | None, now: datetime) -> float | None:
    """Seconds since the beginning of the token's hour, so up to an hour more than the form's true age.

    None for a token that is missing, forged or from the future.
    """
    if not token or len(token) > LONGEST or not token.isascii():
        return None
    try:
        hour = int(_signer().unsign(token))
    except BadSignature:
        return None
    seconds = now.timestamp() - hour * HOUR
    return max(seconds, 0.0) if seconds >= -SKEW else None


def _signer() -> Signer:
    """Signs with the newest secret and still reads what earlier ones signed."""
    earlier = current_app.config.get("SECRET_KEY_FALLBACKS") or []
    return Signer([*earlier, current_app.config["SECRET_KEY"]], salt="form-token")
