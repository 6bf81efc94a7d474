"""A handover is proposed, then sealed or discarded; what left meanwhile takes its whole unit along."""

import json
from datetime import timedelta
from hashlib import sha256
from random import Random

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.handover.models import Handover, KTooLarge, KTooSmall, NothingToHandOver, NotProposed, ProposalOpen, Record
from app.kit import clock
from app.ledger import models as ledger
from app.reports.models import Told, erase, withdraw
from tests.handover.telling import AT, cells_of, hand_over, propose, seal, tell

pytestmark = pytest.mark.usefixtures("on_each", "inside")

BERLIN = ("Deutschland", "Berlin", "Berlin", "", "2011-11")


def _records() -> int:
    return db.session.scalar(select(func.count()).select_from(Record)) or 0


def test_what_is_proposed_is_sealed_with_its_hash_in_the_ledger() -> None:
    tell(45)
    handover = propose()
    assert (handover.recipient, handover.organisation_slug, handover.unit) == ("O2", "o2", 10)
    delivery = seal(handover)
    assert cells_of(delivery) == {BERLIN: 30}, "five or fifteen wait, and five would be too few to hide"
    entry = db.session.get_one(ledger.Entry, handover.entry_seq)
    said = delivery.files["manifest.json"]
    assert (entry.kind, entry.subject) == (ledger.Kind.HANDOVER, f"handover:{handover.id}")
    assert entry.commitment == sha256(said).digest() == sha256(handover.manifest.encode()).digest()
    facts = handover.facts
    assert facts == json.loads(said)
    assert facts["files"]["records.csv"] == sha256(delivery.files["records.csv"]).hexdigest()
    assert facts["ledger"]["size"] == entry.seq == 45
    assert (facts["rows"], facts["waiting"], facts["levels"]["city"], facts["delivery"]) == (30, 15, 30, 1)
    assert list(ledger.faults(ledger.Replay())) == []


def test_a_proposal_says_beforehand_what_its_manifest_will_say() -> None:
    tell(45)
    handover = propose()
    before = handover.facts
    seal(handover)
    assert before == {key: value for key, value in handover.facts.items() if key in before}


def test_what_was_handed_over_is_in_no_later_delivery() -> None:
    tell(40)
    hand_over()
    with pytest.raises(NothingToHandOver) as none:
        propose()
    assert none.value.waiting == 0
    tell(20)
    hand_over()
    assert _records() == 60


def test_one_proposal_at_a_time() -> None:
    tell(40)
    handover = propose()
    with pytest.raises(ProposalOpen):
        propose()
    handover.discard()
    db.session.commit()
    assert _records() == 0
    propose()


def test_groups_smaller_than_five_are_refused() -> None:
    tell(40)
    with pytest.raises(KTooLarge):
        propose(101)
    with pytest.raises(KTooSmall):
        propose(4)


def test_a_handover_is_sealed_once_and_not_discarded_after() -> None:
    tell(40)
    handover = propose()
    seal(handover)
    for deed in (handover.discard, lambda: seal(handover)):
        with pytest.raises(NotProposed):
            deed()
        db.session.rollback()


def test_one_who_left_takes_the_unit_along() -> None:
    reports = tell(40)
    handover = propose()
    erase(reports[0])
    db.session.commit()
    delivery = seal(handover, at=AT + timedelta(days=1))
    assert cells_of(delivery) == {BERLIN: 20}, "nine would wait beside ten: one more unit waits with them"
    assert handover.facts["waiting"] == 19


def test_one_who_corrected_or_withdrew_is_not_handed_over_as_before() -> None:
    reports = tell(60)
    handover = propose()
    with clock.standing_at(AT):
        reports[0].correct(Told(("sms",), "Hamburg"))
        withdraw(reports[1])
        db.session.commit()
    delivery = seal(handover)
    assert cells_of(delivery).keys() == {BERLIN}
    assert cells_of(delivery)[BERLIN] % 10 == 0
    gone = db.session.scalars(select(Record.report_id).where(Record.report_id.in_([reports[0].id, reports[1].id])))
    assert list(gone) == []


def test_one_whose_place_was_decided_anew_is_not_sealed_with_the_old_one() -> None:
    reports = tell(40)
    handover = propose()
    held = set(db.session.scalars(select(Record.report_id)))
    moved = next(one for one in reports if one.id in held)
    moved.place_id, moved.district_id = None, None
    db.session.commit()
    foreseen = handover.outlook(Random(1)).facts()
    delivery = seal(handover)
    assert cells_of(delivery) == {BERLIN: 20}
    assert db.session.get(Record, moved.id) is None
    assert handover.facts["waiting"] == 20
    assert foreseen["waiting"] == 20, "the preview says beforehand how many wait on"


def test_where_nothing_is_left_nothing_is_sealed() -> None:
    reports = tell(10)
    handover = propose()
    withdraw(reports[0])
    db.session.commit()
    with pytest.raises(NothingToHandOver):
        seal(handover)
    db.session.rollback()
    db.session.refresh(handover)
    assert handover.state == "proposed"
    assert Handover.released() == []


def test_who_comes_between_proposal_and_seal_hides_nobody_who_waited_before() -> None:
    """Of fifteen who waited eight withdraw: seven are too few, though twenty more have come that are in no row."""
    reports = tell(45)
    handover = propose()
    held = set(db.session.scalars(select(Record.report_id)))
    with clock.standing_at(AT + timedelta(hours=1)):
        for one in [one for one in reports if one.id not in held][:8]:
            withdraw(one)
    tell(20, at=AT + timedelta(hours=1))
    delivery = seal(handover, at=AT + timedelta(hours=2))
    assert cells_of(delivery) == {BERLIN: 20}
    assert handover.facts["waiting"] == 37


def test_the_unit_is_a_multiple_of_every_unit_so_far() -> None:
    tell(80)
    assert propose(20).unit == 20
    seal(db.session.scalars(select(Handover)).one())
    db.session.commit()
    tell(100)
    assert propose(30).unit == 40, "with 30, a cell of 30 would differ from one of 20 by ten"


def test_a_proposal_is_no_older_than_what_the_ledger_has_told() -> None:
    tell(45, at=AT + timedelta(days=1))
    assert propose(at=AT).built_at == AT + timedelta(days=1)
