"""What the carrier promised in the demo, what became of it, and what customers answered."""

import random
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import load_only

from app.extensions import db
from app.kit import clock
from app.people.models import Member
from app.places import gazetteer
from app.posts.shelf import shelf
from app.promises.models import Answer, Kind, Promise, PromiseAnswer, in_scope
from app.promises.tallying import tally
from app.reports.models import Report, State
from app.site.demo.people import OWNER

FILE = Path(__file__).parent / "promises.toml"
NOON = time(12, 0)
ANSWERED_ON = date(2011, 12, 22)
TALLIED_AT = datetime(2011, 12, 23, 3, 0, tzinfo=clock.BERLIN)

Entry = Mapping[str, Any]  # Any: what TOML holds


def load(rng: random.Random, staff: dict[str, Member]) -> None:
    """Mark them, tell their stories, let customers answer, and count the answers in the night after."""
    entries = tomllib.loads(FILE.read_text("utf-8"))["promise"]
    owner = db.session.scalars(select(Member).where(Member.email == OWNER)).one()
    promises = [_mark(entry, owner) for entry in entries]
    for promise, entry in zip(promises, entries, strict=True):
        for event in entry.get("event", ()):
            _tell(promise, event, owner, next(iter(staff.values())))
    customers = _customers(rng)
    for promise, entry in zip(promises, entries, strict=True):
        _answer(promise, customers, *entry.get("answers", (0, 0)))
    db.session.commit()
    with clock.standing_at(TALLIED_AT):
        tally()


def _mark(entry: Entry, owner: Member) -> Promise:
    post = shelf().find(entry["post"])
    if post is None:
        raise LookupError(f"the demo has no post {entry['post']}")
    with clock.standing_at(post.date + timedelta(hours=2)):
        return Promise.mark(
            post,
            entry["sentence"],
            kind=Kind(entry["kind"]),
            translation=entry["translation"],
            areas=[area.id for slug in entry.get("areas", ()) if (area := gazetteer().area_by_slug(slug))],
            due_words=entry.get("due_words", ""),
            due_translation=entry.get("due_translation", ""),
            due_on=entry.get("due_on"),
            by=owner,
        )


def _tell(promise: Promise, event: Entry, owner: Member, staff: Member) -> None:
    told = dict(event)
    deed, said_on = told.pop("deed"), told.pop("said_on")
    with clock.standing_at(datetime.combine(said_on, NOON, clock.BERLIN)):
        if deed == "reply":
            promise.reply(by=staff, **told)
        else:
            getattr(promise, deed)(said_on=said_on, by=owner, **told)


def _customers(rng: random.Random) -> list[Report]:
    """Reporters who come back with their receipts, in no order."""
    counted = select(Report).where(Report.state == State.COUNTED, Report.place_id.is_not(None)).order_by(Report.id)
    found = db.session.scalars(counted.options(load_only(Report.place_id, Report.district_id))).all()
    return rng.sample(found, len(found))


def _answer(promise: Promise, customers: list[Report], confirmed: int, contradicted: int) -> None:
    """So many of those who are from where it is about say that it is so, and so many that it is not."""
    asked = (report for report in customers if in_scope(promise, report))
    said = [Answer.CONFIRMED] * confirmed + [Answer.CONTRADICTED] * contradicted
    for answer, report in zip(said, asked, strict=False):
        db.session.add(
            PromiseAnswer(promise_id=promise.id, report_id=report.id, answer=answer, answered_on=ANSWERED_ON)
        )
