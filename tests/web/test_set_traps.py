"""The field that people do not see has another name each day, and those of fourteen days are known."""

from datetime import timedelta

import pytest
from flask import Flask

from app.kit import clock
from app.web import traps


def found(app: Flask, **sent: str) -> traps.Trap:
    with app.app_context():
        return traps.found(sent)


def name(app: Flask) -> str:
    with app.app_context():
        return traps.name_of_today()


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How many days later it is than it was."""
    began, later = clock.now(), [0.0]
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(days=later[0]))
    return later


def test_each_day_has_a_name_of_its_own(app: Flask, days: list[float]) -> None:
    names = set()
    for day in range(30):
        days[0] = day
        names.add(name(app))
    assert len(names) == 30


def test_a_name_is_known_for_fourteen_days_and_not_for_longer(app: Flask, days: list[float]) -> None:
    then = name(app)
    for later, is_known in ((-1, True), (0, True), (14, True), (15, False)):
        days[0] = later
        assert found(app, **{then: "http://pillen.example"}).is_filled is is_known


def test_another_site_has_other_names(app: Flask) -> None:
    here = name(app)
    app.config["SECRET_KEY"] = "another secret"
    assert name(app) != here


@pytest.mark.parametrize("sent", [{}, {"website": " "}, {"homepage": "x"}])
def test_what_is_empty_or_no_trap_is_not_filled(app: Flask, sent: dict[str, str]) -> None:
    assert found(app, **sent) == traps.Trap(name(app), "")


def test_the_name_of_the_release_before_is_known(app: Flask) -> None:
    assert found(app, website=" x ") == traps.Trap("website", "x")
