"""`flask audit`: everything public, recounted from the rows."""

from collections.abc import Iterator

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.comments.models import Comment, State, enquiry, helpful, sampling
from app.comments.models import size as threads
from app.comments.models import upkeep as fragments
from app.drafts import recount as guest_posts
from app.extensions import paged, read_one_moment
from app.figures.models import batch as figures
from app.handover.models import recount as handovers
from app.kit import markup
from app.ledger import models as ledger
from app.ledger.models.replay import TELLING, as_far_as_readable
from app.people import recount as organisations
from app.promises.models import tally as tallies
from app.reports.models import Report
from app.reports.models import State as ReportState
from app.reports.models.report import rows
from app.transparency import recount as moderation
from app.web.commands import Command

BATCH = 1000


def differences() -> Iterator[str]:
    """Each place where what is shown is not what the rows say."""
    replay = ledger.Replay()
    yield from ledger.faults(replay)
    yield from _counters(replay)
    yield from as_far_as_readable("reports", _reports(replay))
    yield from as_far_as_readable("figures", figures.faults())
    yield from as_far_as_readable("handovers", handovers.faults())
    yield from as_far_as_readable("promises", tallies.faults())
    yield from as_far_as_readable("comments", _texts())
    yield from as_far_as_readable("threads", threads.faults())
    yield from as_far_as_readable("questions", enquiry.faults())
    yield from as_far_as_readable("helpful", helpful.faults())
    yield from as_far_as_readable("fragments", fragments.faults())
    yield from as_far_as_readable("sample", sampling.faults())
    yield from as_far_as_readable("organisations", organisations.faults())
    yield from as_far_as_readable("guest posts", guest_posts.faults())
    yield from as_far_as_readable("transparency", moderation.faults())


def _counters(replay: ledger.Replay) -> Iterator[str]:
    shown, reports = ledger.counter(), rows()
    if not shown == replay.counter == reports:
        yield f"counter shows {shown}, the ledger's entries make {replay.counter}, the reports are {reports}"


def _reports(replay: ledger.Replay) -> Iterator[str]:
    """Every report is what the ledger committed to, in the state that the ledger tells, the only one of its entry."""
    counting = set(replay.counting)
    found = select(Report, ledger.Entry).outerjoin(ledger.Entry, Report.commitment_seq == ledger.Entry.seq)
    for report, entry in paged(found.order_by(Report.id), BATCH):
        if report.entry_seq is None:
            if report.state in {ReportState.COUNTED, ReportState.UNCOUNTED}:
                yield f"report {report.id} is {report.state}, and no entry says so"
            continue
        if entry is None or not _belongs(report, entry, replay):
            yield f"report {report.id} was counted by entry {report.entry_seq}, which does not say so"
        elif not report.is_what_was_counted():
            yield f"report {report.id} is not what entry {entry.seq} counted"
        if report.is_counted and report.entry_seq not in counting:
            yield f"report {report.id} counts, entry {report.entry_seq} does not or has more than one report"
        yield from _taken_out(report, replay.out.get(report.entry_seq))
        counting.discard(report.entry_seq)
    yield from (f"entry {seq} counts a report that is not there" for seq in sorted(counting)[:BATCH])


def _taken_out(report: Report, reason: ledger.Reason | None) -> Iterator[str]:
    """The reason is the one that the ledger has for taking a report out; what it calls erased is gone."""
    if not report.is_counted and report.reason != reason:
        yield f"report {report.id} is taken out, the ledger says otherwise"
    if reason is ledger.Reason.ERASED:
        yield f"report {report.id} is still there, the ledger says that it was erased"


def _belongs(report: Report, entry: ledger.Entry, replay: ledger.Replay) -> bool:
    """Whether an entry is the latest correction of the report, or without one the entry that counted it."""
    counted = report.entry_seq or 0
    if entry.seq != replay.corrections.get(counted, counted):
        return False
    return entry.seq != counted or entry.kind in TELLING


def _texts() -> Iterator[str]:
    """What readers see of a comment is what its writer wrote."""
    for (comment,) in paged(select(Comment).where(Comment.state == State.PUBLISHED), BATCH):
        if comment.html != markup.comment(comment.readable):
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
    head = ledger.Head.now()
    click.echo(f"Everything agrees: {head.counter} reports counted, {head.size} ledger entries without a hole.")
