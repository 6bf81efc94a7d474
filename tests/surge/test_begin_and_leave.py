"""A surge begins where pressure is felt, is known to all, and is over when nobody feels any."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.cache import page_cache
from app.extensions import db
from app.kit import clock
from app.surge.models import CALM, Mode
from app.surge.pressure import FULL, JOBS, SIGNALS, STAYS_FROM
from app.surge.watch import Watch
from tests.cast import within
from tests.conftest import At
from tests.locked import locked
from tests.surge.pressing import another, feel, pressure_of, set_mode, the_row

OVER = CALM.total_seconds() / 60 + 0.01  # minutes


def test_pressure_begins_a_surge_here_at_once(app: Flask) -> None:
    assert not pressure_of(app).is_on
    pressure_of(app).feel(FULL)
    assert pressure_of(app).is_on
    assert pressure_of(app).stands.reason == FULL


def test_it_is_over_by_itself_after_a_calm_while(on_each: Flask, at: At) -> None:
    at(0)
    feel(on_each)
    at(OVER / 2)
    assert pressure_of(on_each).is_on
    at(OVER)
    assert not pressure_of(on_each).is_on


def test_it_lasts_while_anybody_still_feels_pressure_and_began_when_it_began(on_each: Flask, at: At) -> None:
    at(0)
    feel(on_each)
    began = the_row(on_each).began_at
    for minutes in (OVER / 2, OVER * 0.9, OVER * 1.5):
        at(minutes)
        feel(on_each, JOBS)
    row = the_row(on_each)
    assert (row.began_at, row.reason, row.pressed_at) == (began, FULL, clock.now())
    at(OVER * 3)
    feel(on_each, JOBS)
    assert (the_row(on_each).began_at, the_row(on_each).reason) == (clock.now(), JOBS)


def test_another_process_knows_when_it_looks(environ: dict[str, str], app: Flask) -> None:
    with another(environ) as other:
        assert not pressure_of(other).is_on
        feel(app)
        pressure_of(other).look()
        assert pressure_of(other).is_on
        assert pressure_of(other).stands.reason == FULL


def test_a_number_is_lower_while_it_lasts_so_that_it_does_not_flutter(app: Flask) -> None:
    known, limit = pressure_of(app), SIGNALS[JOBS]
    measured = (limit * STAYS_FROM, limit, limit * STAYS_FROM, limit * STAYS_FROM - 1)
    assert [known.weigh(JOBS, number) for number in measured] == [False, True, True, False]


@pytest.mark.parametrize(("mode", "is_on"), [(Mode.ON, True), (Mode.OFF, False)])
def test_what_a_person_set_stands_whatever_is_felt_and_however_long(
    on_each: Flask, at: At, mode: Mode, is_on: bool
) -> None:
    at(0)
    feel(on_each)
    set_mode(on_each, mode)
    assert pressure_of(on_each).is_on is is_on
    feel(on_each)
    assert pressure_of(on_each).is_on is is_on
    at(60 * 24)
    assert pressure_of(on_each).is_on is is_on


def test_without_an_answer_from_the_database_memory_answers(on_each: Flask) -> None:
    set_mode(on_each, Mode.ON)
    within(on_each, lambda: db.session.execute(text("ALTER TABLE surge RENAME TO gone")))
    pressure_of(on_each).look()
    assert pressure_of(on_each).is_on


def test_what_could_not_be_told_is_told_later(app: Flask) -> None:
    pressure_of(app).feel(FULL)
    with locked(app):
        pressure_of(app).tell()
    assert the_row(app).pressed_at is None
    assert pressure_of(app).is_on, "this process feels it all the same"
    pressure_of(app).tell()
    assert the_row(app).pressed_at is not None


def test_a_clock_that_was_set_back_does_not_keep_it_on(app: Flask, at: At) -> None:
    at(60 * 24 * 365)
    feel(app)
    at(0)
    assert not pressure_of(app).is_on
    feel(app)
    assert pressure_of(app).is_on
    assert the_row(app).began_at == clock.now()


def test_readers_may_be_shown_older_pages_while_it_lasts(app: Flask, at: At) -> None:
    at(0)
    calm = page_cache(app).late
    feel(app)
    assert page_cache(app).late > calm
    at(OVER)
    pressure_of(app).look()
    assert page_cache(app).late == calm


def test_the_watch_goes_on_looking_when_a_measure_fails(app: Flask) -> None:
    def fails() -> None:
        raise OSError

    watch = Watch(pressure_of(app), fails, lambda: pressure_of(app).weigh(JOBS, SIGNALS[JOBS]))
    watch.step()
    assert the_row(app).reason == JOBS
    assert the_row(app).pressed_at == pytest.approx(clock.now(), abs=timedelta(minutes=1))


def test_a_fault_below_the_database_does_not_end_the_look(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy wraps what statements raise, not what comes before them: a disk that fails, no more memory."""

    def fails(*_: object) -> None:
        raise OSError

    watch = Watch(pressure_of(app))
    with monkeypatch.context() as broken:
        broken.setattr("app.surge.pressure.press", fails)
        broken.setattr("app.surge.pressure._read", fails)
        pressure_of(app).feel(FULL)
        watch.step()
    assert the_row(app).reason == ""
    watch.step()
    assert the_row(app).reason == FULL, "it is told later"
