"""The comments' desk: the spam folder counted, cleared and undone, beside decisions one by one; how long others wait.

The same by keyboard in a real Chromium: `LONG=1 make test ARGS="-s tests/browser/test_clear_desk.py"`.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert

from app import close_app
from app.comments.models import Bulk, Comment, State, bulk_moving
from app.comments.models.selection import Selection
from app.extensions import db
from app.kit import clock, markup, tokens
from app.people.founding import found_organisations
from app.people.models import Member, Organisation, Role
from app.people.models.organisation import TEAM
from bench.growth import POST, new_app
from bench.measure import Figure

SPAM = 11_398  # as in 2011
SINGLY = 200  # decided on one by one, to compare
SLUG = POST.rpartition("/")[2]


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        app = new_app(Path(folder), posts=1)
        with app.app_context():
            by = _furnish()
            yield from _of_folder(by)
        close_app(app)


def _of_folder(by: Member) -> Iterator[Figure]:
    began, chosen = time.perf_counter(), Selection(State.SPAM, State.SPAM)
    counted, _outline = chosen.counted, (chosen.outline(), chosen.groups(), chosen.samples())
    db.session.rollback()
    yield _figure(f"{len(counted):,} spam: counting", began, "")
    began = time.perf_counter()
    made, _is_new = Bulk.begin(tokens.new_key(), counted, was=State.SPAM, to=State.SPAM, by=by)
    db.session.commit()
    slices = _run(made.id)
    yield _figure(f"{len(counted):,} spam: cleared", began, _told(slices))
    began = time.perf_counter()
    db.session.get_one(Bulk, made.id).undo()
    db.session.commit()
    yield _figure(f"{len(counted):,} spam: undone", began, _told(_run(made.id)))
    began = time.perf_counter()
    for id_ in list(counted)[:SINGLY]:
        db.session.get_one(Comment, id_).decide(State.SPAM, seen=State.SPAM)
        db.session.commit()
    yield _figure(
        f"{SINGLY} spam: one by one", began, f"{len(counted):,} would take {len(counted) / SINGLY:.0f} times that"
    )


def _run(id_: int) -> list[float]:
    """The milliseconds of each slice, commit included: so long somebody else who writes may wait."""
    took, goes_on = list[float](), True
    while goes_on:
        began = time.perf_counter()
        goes_on = bulk_moving.step(id_)
        db.session.commit()
        took.append((time.perf_counter() - began) * 1000)
    return took


def _told(slices: list[float]) -> str:
    return f"{len(slices)} transactions, the longest {max(slices):.0f} ms"


def _figure(name: str, began: float, peer: str) -> Figure:
    return Figure(name, (time.perf_counter() - began) * 1000, 0, 0, 1.0, peer)


def _furnish() -> Member:
    found_organisations()
    team = db.session.query(Organisation).filter_by(slug=TEAM).one()
    by = Member.welcome("mo@einzelfall.example", "Mo", Role.MODERATOR, team)
    now = clock.now()
    rows = [
        {
            "key_hash": tokens.digest(f"spam {number}"),
            "post_slug": SLUG,
            "name": f"cheap watches {number % 999}",
            "text": (said := f"Great post! Visit http://shop{number % 500}.example for cheap watches number {number}."),
            "html": str(markup.comment(said)),
            "lang": "en",
            "state": State.SPAM,
            "written_at": now,
            "cluster": f"{number % 1500:016x}",
            "reasons": ["links"],
        }
        for number in range(SPAM)
    ]
    db.session.execute(insert(Comment), rows)
    db.session.commit()
    return by
