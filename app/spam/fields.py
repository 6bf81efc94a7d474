"""What of a submission leaves for Akismet, under its names."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.spam.submission import Submission

OPTIONAL = {  # which of our words for what may leave allows a field of Akismet's; text, name and address always go
    "blog_lang": "language",
    "comment_author_email": "email",
    "comment_date_gmt": "dates",
    "comment_post_modified_gmt": "dates",
    "honeypot_field_name": "trap",
    "permalink": "page",
    "referrer": "referrer",
    "user_agent": "browser",
}
EVERYTHING = frozenset({*OPTIONAL.values(), "tags"})


def known(submission: Submission, allowed: frozenset[str], *, is_test: bool) -> dict[str, str]:
    """What the package lets through, as far as it is allowed.

    Absent things are left out: None would go out as an empty text.
    """
    values = {
        "blog_charset": "UTF-8",
        "blog_lang": submission.language,
        "comment_author": submission.name,
        "comment_author_email": submission.email,
        "comment_content": submission.text,
        "comment_date_gmt": _gmt(submission.submitted_at),
        "comment_post_modified_gmt": _gmt(submission.post_modified_at),
        "comment_type": submission.kind,
        "honeypot_field_name": submission.honeypot_field or None,
        "is_test": "1" if is_test else None,
        "permalink": submission.permalink,
        "referrer": submission.referrer,
        "user_agent": submission.user_agent,
    }
    may_leave = {key: value for key, value in values.items() if key not in OPTIONAL or OPTIONAL[key] in allowed}
    return {key: _sendable(value) for key, value in may_leave.items() if value is not None}


def refused(submission: Submission, allowed: frozenset[str]) -> dict[str, str | Sequence[str]]:
    """Form fields that Akismet knows and the package refuses."""
    extra: dict[str, str | Sequence[str]] = {}
    if submission.honeypot_field and "trap" in allowed:
        extra[submission.honeypot_field] = _sendable(submission.honeypot_value)
    if submission.context and "tags" in allowed:
        extra["comment_context[]"] = [_sendable(term) for term in submission.context]
    return extra


def _sendable(value: str) -> str:
    """The text itself, save for lone surrogates, which no form can carry."""
    return value.encode("utf-8", "replace").decode()


def _gmt(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
