"""The figures of the demo: published in the nights in which they would have been, with something to publish."""

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.figures.models import Batch, NotNow
from app.figures.publishing import publish
from app.kit import clock
from app.reports.models import Answer, FollowUp, MeToo, Report, State

FIRST_NIGHT = datetime(2011, 11, 24, 2, 30, tzinfo=UTC)
NIGHTS = [FIRST_NIGHT + timedelta(days=number) for number in range(3)]
CAME_BACK = 900  # reporters who said how it is now
ME_TOO = 1_200  # readers who had no story
WEIGHTS = {Answer.WORKS: 2, Answer.BETTER: 3, Answer.SAME: 7, Answer.WORSE: 2}


def publish_nights(moment: datetime) -> None:
    """Publish in every night up to a moment in which there was enough to publish."""
    last = Batch.last()
    db.session.commit()
    for night in NIGHTS:
        if night <= moment and not (last and last.made_at >= night):
            with clock.standing_at(night):
                _publish()


def come_back(rng: random.Random, at: datetime) -> None:
    """Some say how it is now, and readers say “me too” where others have reported."""
    counted = select(Report).where(Report.state == State.COUNTED, Report.place_id.is_not(None)).order_by(Report.id)
    reports = list(db.session.scalars(counted))
    with clock.standing_at(at):
        for report in rng.sample(reports, CAME_BACK):
            db.session.add(FollowUp(report_id=report.id, answer=_answer(rng), answered_on=clock.today()))
        for number in range(ME_TOO):
            report = rng.choice(reports)
            MeToo.say(report.place_id or "", rng.choice(report.symptoms), f"demo:me-too:{number}")
    db.session.commit()
    db.session.expunge_all()


def _answer(rng: random.Random) -> Answer:
    return rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]


def _publish() -> None:
    try:
        publish()
    except NotNow:
        db.session.rollback()  # a night after a quiet day
