"""A report that is deleted takes its record along, whatever deletes it; what was published stays."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.handover.models import Record
from app.ledger.models import Reason
from app.reports.models import Report, State, erase
from app.reports.models.expiry import forget_spam, forget_undecided
from app.site.audit import differences
from tests.cast import make_editor, within
from tests.conftest import At
from tests.handover.making import hand_over, propose, tell_crowd, the

DAY = 24 * 60  # minutes
FIRST_REPORT = 1


def by_its_owner(_at: At) -> None:
    erase(db.session.get_one(Report, FIRST_REPORT))


def as_spam(at: At) -> None:
    db.session.get_one(Report, FIRST_REPORT).uncount(Reason.SPAM)
    at(31 * DAY)
    assert forget_spam() == 1


def as_undecided(at: At) -> None:
    """No report that is held has a record; if one ever had, it would go as well."""
    db.session.execute(db.update(Report).where(Report.id == FIRST_REPORT).values(state=State.HELD))
    at(91 * DAY)
    assert forget_undecided() == 1


@pytest.mark.parametrize("delete", [by_its_owner, as_spam, as_undecided])
@pytest.mark.parametrize("make", [hand_over, propose])
def test_no_record_outlives_its_report(
    on_each: Flask, at: At, make: Callable[[Flask], int], delete: Callable[[At], None]
) -> None:
    make_editor(on_each)
    tell_crowd(on_each)
    make(on_each)
    assert FIRST_REPORT in records(on_each)
    within(on_each, lambda: delete(at))
    assert len(records(on_each)) == 19
    assert FIRST_REPORT not in records(on_each)


def test_what_was_published_stays_to_the_byte(app: Flask) -> None:
    tell_crowd(app)
    number = hand_over(app)
    before = app.test_client().get(f"/handovers/{number}/manifest.json").data
    with app.app_context():
        erase(db.session.get_one(Report, FIRST_REPORT))
        db.session.commit()
        assert list(differences()) == []
        assert the(number).manifest.encode() == before
    assert app.test_client().get(f"/handovers/{number}/manifest.json").data == before


def records(app: Flask) -> set[int]:
    return within(app, lambda: set(db.session.scalars(db.select(Record.report_id))))
