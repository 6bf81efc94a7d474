"""`flask audit` recounts handovers: what was changed afterwards is named."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert, select, update

from app.extensions import db
from app.handover.models import Handover, Record
from app.reports.models import Report, erase
from app.site.audit import differences
from tests.handover.telling import hand_over, propose, tell

pytestmark = pytest.mark.usefixtures("inside")


def _change(**values: object) -> None:
    db.session.execute(update(Handover).values(**values))


def _records(**values: object) -> None:
    db.session.execute(update(Record).values(**values))


def _add_record() -> None:
    waiting = db.session.scalar(select(Report.id).where(Report.id.not_in(select(Record.report_id))).limit(1))
    facts = {"area_id": "11000000", "period": "2011-11", "symptoms": [], "has_words": False}
    db.session.execute(insert(Record).values(report_id=waiting, handover_id=1, **facts))


SPOILS: dict[str, tuple[Callable[[], object], str]] = {
    "its manifest": (lambda: _change(manifest="{}"), "is not what entry 45 tells of"),
    "its recipient": (lambda: _change(recipient="O1"), "is not what its manifest says"),
    "its release": (lambda: _change(state="proposed"), "is proposed, yet it was sealed"),
    "its entry": (lambda: _change(entry_seq=None), "was released, and no entry says so"),
    "a discarded one": (lambda: _change(state="discarded"), "discarded and has 30 records"),
    "a label": (lambda: _records(period="2011-10"), "says 2011-10, the ledger 2011-11"),
    "a wider label": (lambda: _records(period="2011"), "remembers fewer"),
    "a level": (lambda: _records(area_id="DE"), "has 30 records of the level country"),
    "one more": (_add_record, "has 31 records of the level city"),
}


@pytest.mark.parametrize("spoilt", SPOILS)
def test_a_handover_changed_afterwards_is_named(spoilt: str) -> None:
    tell(45)
    hand_over()
    assert list(differences()) == []
    deed, says = SPOILS[spoilt]
    deed()
    assert says in " ".join(differences())


def test_erasures_and_a_proposal_are_no_fault() -> None:
    reports = tell(45)
    hand_over()
    for one in reports[:20]:
        erase(one)
    tell(30)
    propose()
    assert list(differences()) == []
