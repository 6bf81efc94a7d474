"""Whatever is told, taken out and corrected: what is published moves in full steps and never says too much."""

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.config import campaign
from app.extensions import db, read_one_moment
from app.figures.models import Batch, Count, Day, Figure, NotNow
from app.figures.models.figure import of_area
from app.kit import clock, tokens
from app.ledger.models import Reason
from app.places import gazetteer
from app.reports.models import Report, State, Told
from tests.figures.telling import on_day, publish_on, standing

STEP = 10
PLACES = (
    ("Berlin", "Mitte"),
    ("Berlin", "Wedding"),
    ("Berlin", ""),
    ("Potsdam", ""),
    ("München", "Pasing"),
    ("Nirgends", ""),
)
HOTLINE = ("isolated_case", "other", "", "not_called")

deeds = st.lists(
    st.tuples(
        st.sampled_from(("tell", "tell", "tell", "take out", "correct")),
        st.integers(0, 5),
        st.sets(st.sampled_from(("no_data", "sms", "calls_in")), min_size=1),
        st.integers(1, 14),
    ),
    min_size=1,
    max_size=6,
)
streams = st.lists(deeds, min_size=2, max_size=3)


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.mark.usefixtures("inside")
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(streams)
def test_whatever_happens_only_full_steps_are_published(stream: list[list[tuple[str, int, set[str], int]]]) -> None:
    _begin_anew()
    before: dict[tuple[str, str], int] = {}
    for number, deeds_of_day in enumerate(stream):
        with clock.standing_at(on_day(number)):
            for deed in deeds_of_day:
                _do(*deed)
        try:
            batch = publish_on(number)
        except NotNow:
            assert standing() == before, "a day that is not published changes nothing"
            continue
        now = standing()
        assert now == {(area, key): n for area in _areas(now) for key, n in of_area(area, batch.id).items()}
        _holds(before, now)
        before = now


def _holds(before: dict[tuple[str, str], int], now: dict[tuple[str, str], int]) -> None:
    exact = _exact()
    for key in before.keys() | now.keys() | exact.keys():
        value, true = now.get(key, 0), exact.get(key, 0)
        assert value % STEP == 0, "so is every sum and every difference"
        assert (value - before.get(key, 0)) % STEP == 0
        assert value <= true < value + STEP
    for (area, measure), value in now.items():
        assert value >= sum(now.get((each.id, measure), 0) for each in gazetteer().children(area))


def _exact() -> dict[tuple[str, str], int]:
    """Every cell counted one by one, in another way than the site does."""
    found: dict[tuple[str, str], int] = {}
    for report in db.session.scalars(select(Report).where(Report.state == State.COUNTED)):
        area = gazetteer().area_of(report.place_id, report.district_id) if report.place_id else None
        areas = {area.id, *(one.id for one in gazetteer().ancestors(area.id))} if area else {"DE"}
        keys = ["reports", *(f"symptom:{key}" for key in report.symptoms)]
        keys += ["hotline:answered", f"hotline:{report.hotline}"] if report.hotline in HOTLINE[:2] else []
        year, week, _ = report.told_at.astimezone(clock.BERLIN).isocalendar()
        for key in [*keys, f"week:{year}-W{week}"]:
            for one in areas:
                found[one, key] = found.get((one, key), 0) + 1
    return found


def _do(deed: str, where: int, symptoms: set[str], many: int) -> None:
    place, district = PLACES[where]
    told = Told(symptoms=tuple(symptoms), place=place, district=district, hotline=HOTLINE[where % len(HOTLINE)])
    if deed == "tell":
        for _ in range(many):
            Report.tell(told, tokens.new_key())
        return
    counted = select(Report).where(Report.state == State.COUNTED).order_by(Report.id).limit(many)
    for report in list(db.session.scalars(counted)):
        report.uncount(Reason.SPAM) if deed == "take out" else report.correct(told)


def _areas(found: dict[tuple[str, str], int]) -> set[str]:
    return {area for area, _ in found}


def _begin_anew() -> None:
    """Examples share the app: no figures, no report that counts."""
    db.session.rollback()
    for table in (Figure, Day, Batch):
        db.session.execute(delete(table))
    for report in list(db.session.scalars(select(Report).where(Report.state == State.COUNTED))):
        report.uncount(Reason.TEST)
    db.session.commit()
    db.session.expunge_all()


@pytest.mark.usefixtures("inside")
def test_what_the_first_batch_saw_is_what_the_count_says() -> None:
    for _ in range(23):
        Report.tell(Told(symptoms=("no_data",), place="Berlin"), tokens.new_key())
    db.session.commit()
    read_one_moment()
    count = Count.of_now(0)
    assert (count.told, count.counter, count.step) == (23, 23, campaign().figure_step)
    assert count.cells["DE", "reports"] == 20
