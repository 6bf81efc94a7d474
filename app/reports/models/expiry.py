"""Reports whose time is over: what was found to be spam, and what was held and nobody decided on."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, select

from app.extensions import db
from app.kit import clock
from app.ledger.models import Head, Reason
from app.reports.models.erasure import leave_hashes
from app.reports.models.follow_up import Contact, FollowUp, Question
from app.reports.models.report import Report
from app.reports.models.states import State

SPAM_KEPT_FOR = timedelta(days=30)
HELD_KEPT_FOR = timedelta(days=90)
BATCH = 1_000  # reports that go in one step


def forget_spam() -> int:
    """Erase reports that a person found to be spam long ago; how many, 0 when none is left."""
    found_spam = Report.state.in_((State.UNCOUNTED, State.REFUSED)) & (Report.reason == Reason.SPAM)
    return _erase(found_spam & (Report.decided_on < clock.today() - SPAM_KEPT_FOR))


def forget_undecided() -> int:
    """Erase held reports that nobody decided on; they never counted. How many, 0 when none is left."""
    lies = or_(Report.decided_on.is_(None), Report.decided_on < clock.today() - HELD_KEPT_FOR)  # no undone refusal
    return _erase((Report.state == State.HELD) & (Report.told_at < clock.now() - HELD_KEPT_FOR) & lies)


def _erase(is_over: ColumnElement[bool]) -> int:
    """One batch: rows and nonces go, the hashes of their keys stay. None of them counts, so the ledger is silent."""
    Head.take()  # nobody decides on them meanwhile
    found = db.session.execute(select(Report.id, Report.receipt_hash).where(is_over).order_by(Report.id).limit(BATCH))
    rows = found.all()
    ids = [row.id for row in rows]
    for table in (FollowUp, Contact, Question):
        db.session.execute(delete(table).where(table.report_id.in_(ids)))
    leave_hashes([row.receipt_hash for row in rows])
    db.session.execute(delete(Report).where(Report.id.in_(ids)))
    return len(rows)
