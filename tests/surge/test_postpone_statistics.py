"""Statistics wait while a surge lasts and are made up for after it, once."""

import pytest
from flask import Flask

from app.extensions import db
from app.figures.jobs import publish_figures
from app.figures.models import Batch
from app.promises import jobs as promises
from app.surge.jobs import catch_up
from app.surge.models import Mode
from tests.cast import within
from tests.figures.telling import tell
from tests.surge.pressing import set_mode


def batches(app: Flask) -> int:
    return within(app, lambda: db.session.scalar(db.select(db.func.count()).select_from(Batch)) or 0)


def run(app: Flask) -> None:
    with app.app_context():
        publish_figures.now()


def let_catch_up(app: Flask) -> None:
    with app.app_context():
        catch_up.now()


def test_figures_wait_and_are_published_when_it_is_over(app: Flask) -> None:
    within(app, lambda: tell(12))
    set_mode(app, Mode.ON)
    run(app)
    run(app)
    let_catch_up(app)
    assert batches(app) == 0
    set_mode(app, Mode.OFF)
    let_catch_up(app)
    assert batches(app) == 1


def test_tallies_wait_too_and_are_made_up_for_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    def tally() -> list[int]:
        done.append(1)
        return []

    monkeypatch.setattr(promises, "tally", tally)
    set_mode(app, Mode.ON)
    for _ in range(3):
        with app.app_context():
            promises.tally_promises.now()
    assert not done
    set_mode(app, Mode.OFF)
    for _ in range(3):
        let_catch_up(app)
    assert len(done) == 1


def test_without_a_surge_they_are_made_at_once(app: Flask) -> None:
    within(app, lambda: tell(12))
    run(app)
    assert batches(app) == 1
