"""How questions to the carrier stand, in public numbers."""

from collections.abc import Collection
from datetime import timedelta
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from app.comments.models.comment import Comment
from app.comments.models.enquiry import UNANSWERED, Enquiry, Standing
from app.comments.models.state import State
from app.extensions import db


class Numbers(NamedTuple):
    """Of the questions that readers see; hours from the moment at which it could be read to the first answer."""

    open: int
    passed_on: int
    answered: int
    declined: int
    cannot_say: int  # unanswered, and whom they are put to has said why
    median_hours: int | None

    @property
    def total(self) -> int:
        return self.open + self.passed_on + self.answered + self.declined + self.cannot_say


def numbers(post_slugs: Collection[str]) -> Numbers:
    """As they stand under these posts."""
    is_unsaid = Enquiry.unsaid_at.is_not(None) & Enquiry.state.in_(UNANSWERED)
    grouped = _of(post_slugs, Enquiry.state, is_unsaid, func.count()).group_by(Enquiry.state, is_unsaid)
    counts = {(row[0], bool(row[1])): row[2] for row in db.session.execute(grouped)}
    times = _of(post_slugs, Enquiry.asked_at, Enquiry.answered_at, Comment.published_at)
    rows = db.session.execute(times.where(Enquiry.state == Standing.ANSWERED)).all()
    waits = [max(timedelta(), row.answered_at - max(row.asked_at, row.published_at)) for row in rows]
    return Numbers(
        open=counts.get((Standing.OPEN, False), 0),
        passed_on=counts.get((Standing.PASSED_ON, False), 0),
        answered=len(rows),
        declined=counts.get((Standing.DECLINED, False), 0),
        cannot_say=sum(counts.get((state, True), 0) for state in UNANSWERED),
        median_hours=round(median(waits) / timedelta(hours=1)) if waits else None,
    )


def _of(post_slugs: Collection[str], *columns: Any) -> Select[Any]:  # Any: columns of whatever kind
    found = select(*columns).select_from(Enquiry).join(Comment, Enquiry.comment_id == Comment.id)
    return found.where(Enquiry.post_slug.in_(post_slugs), Comment.state == State.PUBLISHED)
