"""Figures are published once a day, in full steps, and each stands until another one takes its place."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, update

from app.extensions import db
from app.figures.models import Batch, Day, Figure, NotNow
from app.figures.models.batch import faults
from app.figures.models.figure import of_area
from app.figures.publishing import publish
from app.kit import clock, tokens
from app.ledger.models import Reason
from app.reports.models import Answer, FollowUp, MeToo, Report, Source, Told
from tests.figures.telling import on_day, publish_on, standing, tell

BERLIN, MITTE, GERMANY, BAVARIA, MUNICH = "11000000", "11000000/mitte", "DE", "09", "09162000"


@pytest.fixture
def inside(database: str, app: Flask) -> Iterator[None]:
    """The rows of the app on each database."""
    with app.app_context():
        yield


@pytest.mark.usefixtures("inside")
def test_every_cell_is_rounded_down_to_full_tens_on_every_level() -> None:
    tell(23, "Berlin", "Mitte", symptoms=("no_data", "calls_drop"))
    tell(9, "Berlin", hotline="")
    tell(12, "München", symptoms=("no_data",), hotline="not_called")
    tell(7, "Kleinkleckersdorf", hotline="Ein Satz, den niemand zur Auswahl stellt")
    publish_on(1)
    found = standing()
    told = {area: value for (area, measure), value in found.items() if measure == "reports"}
    assert told == {GERMANY: 50, "11": 30, BERLIN: 30, MITTE: 20, BAVARIA: 10, MUNICH: 10}
    assert found[BERLIN, "symptom:no_data"] == 30
    assert found[BERLIN, "symptom:calls_drop"] == 20
    assert found[BERLIN, "hotline:isolated_case"] == found[BERLIN, "hotline:answered"] == 20
    assert found[GERMANY, "hotline:answered"] == 30
    assert (MUNICH, "hotline:not_called") not in found
    assert {value % 10 for value in found.values()} == {0}


@pytest.mark.usefixtures("inside")
def test_weeks_are_those_in_which_reports_were_told_as_imports_claim() -> None:
    with clock.standing_at(on_day(14)):
        for number in range(20):
            claimed = on_day(0 if number < 10 else 6)  # a Monday, and the Sunday after
            told = Told(symptoms=("no_data",), place="Berlin", claimed_at=claimed)
            Report.tell(told, tokens.new_key(), source=Source.IMPORT)
        told = Told(symptoms=("no_data",), place="Berlin", claimed_at=on_day(-400))
        Report.tell(told, tokens.new_key(), source=Source.IMPORT)
        tell(10)
    batch = publish_on(15)
    weeks = {key: value for key, value in of_area(BERLIN, batch.id).items() if key.startswith("week:")}
    assert weeks == {"week:2011-W46": 20, "week:2011-W48": 10}
    assert of_area(BERLIN, batch.id)["source:import"] == 20
    assert Day.until(batch.id)[on_day(0).date()] == (0, 10)
    assert Day.until(batch.id)[on_day(14).date()] == (10, 0)


@pytest.mark.usefixtures("inside")
def test_of_several_answers_the_latest_counts_and_me_too_is_counted_apart() -> None:
    for report in tell(10):
        db.session.flush()
        FollowUp.say(report, Answer.WORSE)
        FollowUp.say(report, Answer.WORKS)
    for _ in range(10):
        MeToo.say(MITTE, "sms", tokens.new_key())
        MeToo.say(BERLIN, "sms", tokens.new_key())
    batch = publish_on(1)
    berlin = of_area(BERLIN, batch.id)
    assert (berlin["follow-up:works"], berlin.get("follow-up:worse")) == (10, None)
    assert (berlin["me-too:sms"], of_area(MITTE, batch.id)["me-too:sms"]) == (20, 10)
    assert berlin["reports"] == batch.counter == 10


@pytest.mark.usefixtures("inside")
def test_figures_are_published_once_a_day_and_only_when_a_full_step_was_told() -> None:
    tell(9)
    with pytest.raises(NotNow):
        publish_on(1)
    tell(1)
    publish_on(1)
    tell(10)
    with pytest.raises(NotNow):
        publish_on(1)
    publish_on(2)
    tell(9)
    with pytest.raises(NotNow):
        publish_on(3)
    assert len(db.session.scalars(select(Batch)).all()) == 2


@pytest.mark.usefixtures("inside")
def test_what_was_published_stays_as_it_was_when_reports_are_taken_out() -> None:
    reports = tell(31)
    first = publish_on(1)
    for report in reports[:25]:
        report.uncount(Reason.SPAM)
    tell(10, "Hamburg")
    second = publish_on(2)
    assert of_area(BERLIN, first.id)["reports"] == 30
    assert "reports" not in of_area(BERLIN, second.id), "six are less than a step"
    assert of_area(GERMANY, second.id)["reports"] == 10
    assert of_area("02000000", first.id) == {}


def test_the_command_says_what_it_published_and_why_it_did_not(app: Flask, runner: FlaskCliRunner) -> None:
    refused = runner.invoke(args=["figures", "publish"])
    assert (refused.exit_code, "10 are needed" in refused.output) == (1, True)
    with app.app_context():
        tell(11)
        db.session.commit()
    done = runner.invoke(args=["figures", "publish"])
    assert (done.exit_code, "11 reports" in done.output) == (0, True)
    assert runner.invoke(args=["figures", "publish"]).exit_code == 1


@pytest.mark.usefixtures("inside")
def test_of_two_hosts_that_publish_at_once_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(12)
    publish_on(1)
    tell(12)
    db.session.commit()
    monkeypatch.setattr(Batch, "due_after", classmethod(lambda cls: cls.last()))  # what the slower host saw
    with clock.standing_at(on_day(1)), pytest.raises(NotNow, match="another host"):
        publish()
    assert len(db.session.scalars(select(Batch)).all()) == 1


@pytest.mark.usefixtures("inside")
def test_the_audit_finds_a_figure_that_was_tampered_with(runner: FlaskCliRunner) -> None:
    tell(31)
    batch = publish_on(1)
    assert list(faults()) == []
    db.session.execute(update(Figure).where(Figure.area_id == BERLIN, Figure.measure == "reports").values(value=31))
    db.session.execute(update(Batch).values(counter=40))
    db.session.commit()
    assert [str(batch.made_on) in one or BERLIN in one for one in faults()] == [True, True]
    assert runner.invoke(args=["audit"]).exit_code == 1
