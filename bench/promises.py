"""What the answers to promises cost to count with a million reports and half a million follow-ups, and to show."""

import os
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from app import create_app
from app.config import Settings
from app.extensions import db
from app.kit import clock
from app.people.models import Member, Role
from app.posts.sentences import sentences_of
from app.posts.shelf import shelf
from app.promises.models import Answer, Kind, Promise, PromiseAnswer, standings, stories
from app.promises.tallying import tally
from app.reports.models import Answer as HowItIs
from app.reports.models import FollowUp, Report
from bench import places
from bench.measure import Figure, counted, median_ms

FOLLOW_UPS = 500_000
ANSWERS = 200_000
PROMISES = 20
KINDS = (Kind.CAPACITY, Kind.WIFI, Kind.TRANSPORT, Kind.INFORMATION)
AREAS: tuple[list[str], ...] = ([], ["02000000"], ["09", "11000000"], ["05"])


def figures() -> Iterator[Figure]:
    """The demo grown to a million reports, twenty claims, a night's tally and the list with every verdict."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EINZELFALL_INSTANCE"] = folder
        app = create_app(Settings.load())
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        with app.app_context(), clock.standing_at(places.BEGAN + places.LASTED):
            places.grow(random.Random(1))
            claims = _claim()
            _answer(random.Random(2), claims)
            db.session.remove()
            yield _night("a night's tally, a million reports", places.BEGAN + places.LASTED)
            yield _night("the next night, nothing new", places.BEGAN + places.LASTED + timedelta(days=1))
            yield _list()


def _claim() -> list[Promise]:
    """Promises of one post, each said to be kept on a day of its own."""
    by = Member.welcome("bench@campaign.example", "Bea", Role.EDITOR, _anybody().organisation)
    db.session.flush()
    post = shelf().find("gastbeitrag-o2-netz")
    assert post
    made = []
    for number, sentence in enumerate(sentences_of(post)[:PROMISES]):
        promise = Promise.mark(post, sentence, by=by, kind=KINDS[number % 4], areas=AREAS[number % 4])
        said_on = promise.made_on + timedelta(days=number)
        promise.claim("Das ist erledigt.", by=by, said_on=said_on, source="https://news.example/")
        made.append(promise)
    db.session.commit()
    return made


def _anybody() -> Member:
    found = db.session.scalar(select(Member).where(Member.role == Role.OWNER))
    assert found
    return found


def _answer(rng: random.Random, promises: list[Promise]) -> None:
    first, last = db.session.execute(select(func.min(Report.id), func.max(Report.id))).one()
    day = promises[0].made_on
    rows: list[dict[str, Any]] = [  # Any: columns' values
        {
            "report_id": rng.randint(first, last),
            "answer": rng.choice(list(HowItIs)),
            "answered_on": day + timedelta(days=at * 60 // FOLLOW_UPS),
        }
        for at in range(FOLLOW_UPS)
    ]
    known = set(db.session.scalars(select(Report.id)))
    db.session.execute(insert(FollowUp), [row for row in rows if row["report_id"] in known])
    pairs = {(rng.choice(promises).id, rng.randint(first, last)) for _ in range(ANSWERS)}
    said = [
        {
            "promise_id": promise_id,
            "report_id": report_id,
            "answer": rng.choice(list(Answer)),
            "answered_on": day + timedelta(days=rng.randrange(60)),
        }
        for promise_id, report_id in pairs
        if report_id in known
    ]
    db.session.execute(insert(PromiseAnswer), said)
    db.session.commit()
    db.session.expunge_all()


def _night(name: str, at: Any) -> Figure:  # Any: a moment
    with clock.standing_at(at), counted(db.engine) as statements:
        began = time.perf_counter()
        made = tally()
        seconds = time.perf_counter() - began
    return Figure(name, seconds * 1000, len(statements), 0, 0, f"{len(made)} of {PROMISES} claims published")


def _list() -> Figure:
    def verdicts() -> int:
        return len(standings(stories(Promise.all_listed())))

    ms = median_ms(verdicts)
    with counted(db.engine) as statements:
        assert verdicts() == PROMISES
    return Figure("every verdict of the list", ms, len(statements), 0, 0, f"{PROMISES} promises")
