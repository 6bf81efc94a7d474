"""Random campaigns through the site itself, on each database: told, changed, published, handed over, attacked."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.figures.models import NotNow
from app.figures.publishing import publish
from app.handover.attack import Attempt, read
from app.handover.attack.beside import world_of
from app.handover.models import Handover, NothingToHandOver
from app.kit import clock
from app.ledger.models import Reason
from app.reports.models import Report, State, TextState, Told, bring_back, erase, withdraw
from app.site.audit import differences
from tests.handover.telling import AT, RELEASES, tell

PLACES = (("Berlin", "Mitte"), ("Berlin", ""), ("München", "Pasing"), ("Fürth", ""), ("Nirgends", ""))
SYMPTOMS = (("no_data",), ("sms", "no_data"), ("calls_in", "sms", "data_slow"))
DEEDS = ("tell", "tell", "import", "withdraw", "bring back", "erase", "take out", "correct", "release words", "publish")
deeds = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(1, 30), st.integers(0, 4)), max_size=4)
rounds = st.lists(st.tuples(deeds, deeds, st.sampled_from((5, 10, 12))), min_size=2, max_size=3)


@pytest.mark.usefixtures("on_each", "inside")
@settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.generate,),  # each example goes on where the one before ended, so none can be made smaller
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rounds, st.integers(0, 2**32))
def test_whatever_happens_to_reports_nobody_is_found_in_what_was_handed_over(
    tmp_path: Path, rounds: list[tuple[list[tuple[str, int, int]], list[tuple[str, int, int]], int]], seed: int
) -> None:
    chance, before = random.Random(seed), len(list(db.session.scalars(select(Handover.id))))
    for number, (deeds_before, between, k) in enumerate(rounds):
        at = AT + timedelta(days=10 * before + number)
        with clock.standing_at(at):
            for place, district in PLACES[:3]:
                tell(14 + seed % 9, place, district, at=at, symptoms=SYMPTOMS[2])
            _do_all(deeds_before, chance, at)
            _hand_over(k, between, chance, tmp_path / f"delivery-{before + number:03}", at + timedelta(hours=2))
    extracts = [read(one, 10) for one in sorted(tmp_path.glob("delivery-*"))]
    assert len(extracts) == len(Handover.released())
    world = world_of(extracts)
    assert world.is_known == bool(extracts)
    assert list(Attempt(extracts, world).findings()) == []
    assert list(differences()) == []


def _hand_over(k: int, between: list[tuple[str, int, int]], chance: random.Random, folder: Path, at: datetime) -> None:
    try:
        made = Handover.propose("o2", k=k, by=None, chance=chance)
        db.session.commit()
    except NothingToHandOver:
        db.session.rollback()
        return
    _do_all(between, chance, clock.now() + timedelta(hours=1))
    with clock.standing_at(at):
        try:
            delivery = made.seal(RELEASES, chance)
        except NothingToHandOver:
            db.session.rollback()
            made.discard()
            db.session.commit()
            return
        delivery.write(folder).place()
        db.session.commit()


def _do_all(deeds: list[tuple[str, int, int]], chance: random.Random, at: datetime) -> None:
    with clock.standing_at(at):
        for deed in deeds:
            _do(*deed, chance)
            db.session.commit()


def _do(deed: str, many: int, where: int, chance: random.Random) -> None:
    place, district = PLACES[where]
    if deed in {"tell", "import"}:
        claimed = clock.now() - timedelta(days=40 * where) if deed == "import" else None
        tell(many, place, district, at=clock.now(), symptoms=SYMPTOMS[where % 3], claimed_at=claimed, text="Kein Netz.")
    elif deed == "publish":
        _publish()
    else:
        reports = list(db.session.scalars(select(Report).where(Report.state.in_((State.COUNTED, State.UNCOUNTED)))))
        for one in chance.sample(reports, min(many % 8, len(reports))):
            _change(deed, one, Told(SYMPTOMS[0], place, district, claimed_at=one.claimed_at))


def _change(deed: str, one: Report, told: Told) -> None:
    if one.is_withdrawn and deed == "bring back":
        bring_back(one)
    elif one.is_counted and deed == "withdraw":
        withdraw(one)
    elif one.is_counted and deed == "take out":
        one.uncount(Reason.SPAM)
    elif one.is_counted and deed == "correct":
        one.correct(told)
    elif one.is_counted and deed == "release words" and one.text_state == TextState.WAITING:
        one.decide_text(TextState.RELEASED)
    elif deed == "erase":
        erase(one)


def _publish() -> None:
    try:
        publish()
    except NotNow:
        db.session.rollback()
