"""Many at once: every report has its own number, none is lost, none is counted twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.ledger import models as ledger
from app.ledger.models import Entry, Kind, Reason
from app.reports.models import Report
from app.reports.models.report import rows
from app.site.audit import differences
from tests.ledger.crowd import write_all
from tests.ledger.telling import HAMBURG, faults, tell

T = TypeVar("T")
WRITERS, EACH = 8, 12


def test_eight_writers_make_one_gapless_sequence(on_each: Flask) -> None:
    start = Barrier(WRITERS)

    def write(_: int) -> list[tuple[int | None, int | None]]:
        with on_each.app_context():
            start.wait()
            return [(report.entry_seq, report.number) for report in (tell() for _ in range(EACH))]

    told = sorted((seq or 0, number or 0) for pairs in _together(write) for seq, number in pairs)
    assert told == [(seq, seq + 1) for seq in range(WRITERS * EACH)]
    _assert_agreed(on_each, WRITERS * EACH)


def test_the_same_key_from_eight_writers_is_stored_once(on_each: Flask) -> None:
    start = Barrier(WRITERS)

    def write(_: int) -> bool:
        with on_each.app_context():
            start.wait()
            try:
                return tell(key="one and the same key").entry_seq == 0
            except IntegrityError:
                return False

    assert sum(_together(write)) == 1
    _assert_agreed(on_each, 1)


def test_telling_and_taking_out_at_once_keeps_the_numbers(on_each: Flask) -> None:
    with on_each.app_context():
        ids = [tell().id for _ in range(WRITERS)]

    def write(number: int) -> None:
        with on_each.app_context():
            db.session.get_one(Report, ids[number]).uncount(Reason.DUPLICATE)
            Report.tell(HAMBURG, f"another one, number {number}")
            db.session.commit()

    _together(write)
    _assert_agreed(on_each, WRITERS)


def _together(work: Callable[[int], T]) -> list[T]:
    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(work, range(WRITERS)))


def _assert_agreed(app: Flask, count: int) -> None:
    with app.app_context():
        assert ledger.counter() == ledger.recount() == rows() == count
        assert faults() == []
        seqs = list(db.session.scalars(select(Entry.seq).order_by(Entry.seq)))
        assert seqs == list(range(len(seqs)))


def test_a_crowd_of_processes_leaves_a_ledger_that_replays(on_each: Flask, environ: dict[str, str]) -> None:
    """The short form of bench/ledger.py: 20,000 reports, 500 voids, 200 erasures by eight."""
    write_all(environ, writers=8, processes=2, reports=240, voids=24, erasures=16)
    with on_each.app_context():
        replay = ledger.Replay()
        assert list(ledger.faults(replay)) == list(differences()) == []
        assert ledger.counter() == replay.counter == rows()
        seqs = list(db.session.scalars(select(Entry.seq).order_by(Entry.seq)))
        assert seqs == list(range(len(seqs))), "processes share one sequence"
        kinds = dict(db.session.execute(select(Entry.kind, func.count()).group_by(Entry.kind)).all())
        assert kinds[Kind.COUNTED] == 240
        assert kinds[Kind.UNCOUNTED] == 40
        assert (db.session.scalar(select(func.count()).select_from(ledger.Checkpoint)) or 0) > 1
