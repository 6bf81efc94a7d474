"""What the tests of this room write to the site."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.spam.submission import Submission

PERMALINK = "https://einzelfall.example/posts/wir-sind-einzelfall"

LENA = Submission(
    kind="comment",
    text="In Eimsbüttel ist das Netz seit Wochen weg, und die Hotline weiß von nichts.",
    name="Lena",
    email="lena@example.org",
    permalink=PERMALINK,
    user_ip="203.0.113.7",
    user_agent="Mozilla/5.0 (Reader)",
    referrer=PERMALINK,
    submitted_at=datetime(2011, 11, 20, 18, 30, 5, tzinfo=UTC),
    post_modified_at=datetime(2011, 11, 12, 9, 0, tzinfo=UTC),
    language="de",
    honeypot_field="website",
    form_age_seconds=1200.0,
    open_seconds=45.0,
    context=("netz", "hamburg"),
)


def write(text: str = LENA.text, **other: Any) -> Submission:  # Any: any field of a Submission
    """What Lena wrote, with other words or in another manner."""
    return replace(LENA, text=text, **other)
