"""`flask audit`: everything public, recounted from the rows."""

from collections.abc import Iterable, Iterator
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.comments.models import Comment, State
from app.extensions import db, read_one_moment
from app.kit import markup
from app.ledger import models as ledger
from app.reports.models import Report, recounted_tallies
from app.reports.models.report import rows
from app.reports.models.tally import tallies
from app.web.commands import Command

BATCH = 1000


def differences() -> Iterator[str]:
    """Each place where what is shown is not what the rows say."""
    yield from _counters()
    yield from _tallies()
    yield from _commitments()
    yield from _withdrawals()
    yield from _texts()


def _counters() -> Iterator[str]:
    shown, entries, reports = ledger.counter(), ledger.recount(), rows()
    if not shown == entries == reports:
        yield f"counter shows {shown}, the ledger's entries make {entries}, the reports are {reports}"
    if (gap := ledger.first_gap()) is not None:
        yield f"the ledger has a hole or a surplus at entry {gap}"


def _tallies() -> Iterator[str]:
    shown, counted = tallies(), recounted_tallies()
    for place in sorted(shown.keys() | counted.keys()):
        if shown.get(place, 0) != counted.get(place, 0):
            yield f"place {place} shows {shown.get(place, 0)}, its reports are {counted.get(place, 0)}"


def _commitments() -> Iterator[str]:
    """Every report is still what was counted, and is the only one of its ledger entry."""
    seen: set[int] = set()
    found = select(Report, ledger.Entry).outerjoin(ledger.Entry, Report.entry_seq == ledger.Entry.seq)
    ordered = found.order_by(Report.id).execution_options(yield_per=BATCH)
    pairs: Iterable[Any] = db.session.execute(ordered)  # Any: rows whose entry may be missing
    for report, entry in pairs:
        if entry is None:
            yield f"report {report.id} was counted by entry {report.entry_seq}, which is not there"
        elif not report.is_what_was_counted():
            yield f"report {report.id} is not what entry {report.entry_seq} counted"
        if report.entry_seq in seen:
            yield f"entry {report.entry_seq} has more than one report"
        seen.add(report.entry_seq)


def _withdrawals() -> Iterator[str]:
    """What is not counted any more was taken out by an entry of its own."""
    out, entry = Report.uncounted_seq, ledger.Entry
    found = select(Report.id, out, entry.kind).outerjoin(entry, out == entry.seq).where(out.is_not(None))
    seen: set[int | None] = set()
    for id_, seq, kind in db.session.execute(found.order_by(Report.id)):
        if kind != ledger.Kind.UNCOUNTED or seq in seen:
            yield f"report {id_} is taken out by entry {seq}, which does not say so"
        seen.add(seq)


def _texts() -> Iterator[str]:
    """What readers see of a comment is what its writer wrote."""
    shown = select(Comment).where(Comment.state == State.PUBLISHED).execution_options(yield_per=BATCH)
    for comment in db.session.scalars(shown):
        if comment.html != markup.comment(comment.text):
            yield f"comment {comment.id} shows something else than was written"


@click.command(cls=Command)
@with_appcontext
def audit() -> None:
    """Recount everything public; exit 1 and name each difference when something does not agree."""
    read_one_moment()
    found = list(differences())
    for difference in found:
        click.echo(difference, err=True)
    if found:
        raise SystemExit(1)
    size = db.session.get_one(ledger.Head, 1).size
    click.echo(f"Everything agrees: {ledger.counter()} reports counted, {size} ledger entries without a hole.")
