"""How questions to the carrier stand, in public numbers."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from statistics import median
from typing import NamedTuple

from sqlalchemy import select

from app.comments.models.comment import Comment
from app.comments.models.enquiry import Enquiry, Standing
from app.comments.models.state import State
from app.extensions import db


class Numbers(NamedTuple):
    """Of the questions that readers see; hours from the moment at which it could be read to the first answer."""

    open: int
    passed_on: int
    answered: int
    declined: int
    median_hours: int | None

    @property
    def total(self) -> int:
        return self.open + self.passed_on + self.answered + self.declined


def numbers(post_slugs: Collection[str]) -> Numbers:
    """As they stand under these posts, in one question."""
    asked = select(Enquiry.state, Enquiry.asked_at, Enquiry.answered_at, Comment.published_at)
    found = asked.join(Comment, Enquiry.comment_id == Comment.id).where(Comment.state == State.PUBLISHED)
    rows = db.session.execute(found.where(Enquiry.post_slug.in_(post_slugs))).all()
    counts = Counter(row.state for row in rows)
    waits = [
        max(timedelta(), row.answered_at - max(row.asked_at, row.published_at))
        for row in rows
        if row.state is Standing.ANSWERED
    ]
    hours = round(median(waits) / timedelta(hours=1)) if waits else None
    return Numbers(
        open=counts[Standing.OPEN],
        passed_on=counts[Standing.PASSED_ON],
        answered=counts[Standing.ANSWERED],
        declined=counts[Standing.DECLINED],
        median_hours=hours,
    )
