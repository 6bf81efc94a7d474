"""How the form was filled in and sent."""

from app.spam.submission import Submission

YOUNG = 3  # seconds in which nobody reads, writes and sends
OLD = 25 * 3600  # a day, and the hour that the token's rounding may add


def honeypot(submission: Submission) -> int:
    """A field that people do not see was filled."""
    return int(bool(submission.honeypot_value.strip()))


def token_missing(submission: Submission) -> int:
    """No valid form token came along."""
    return int(submission.form_age_seconds is None)


def token_old(submission: Submission) -> int:
    """The form is older than a day: harmless, but what stored requests look like."""
    return int((submission.form_age_seconds or 0) > OLD)


def haste(submission: Submission) -> int:
    """The page was open for less than three seconds, as its own script says."""
    open_for = submission.open_seconds
    return int(open_for is not None and open_for < YOUNG)
