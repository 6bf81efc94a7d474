"""A withdrawal: its reporter takes a report back, and may bring it back again."""

from app.ledger.models import Reason
from app.reports.models.report import DecidedMeanwhile, Report


def withdraw(report: Report) -> None:
    """Take a report back: it does not count any more, or a held one never will."""
    report.uncount(Reason.WITHDRAWN) if report.is_counted else report.refuse(Reason.WITHDRAWN)


def bring_back(report: Report) -> None:
    """Undo a withdrawal, and nothing else: what the desk took out is not for its reporter to bring back."""
    if not report.is_withdrawn:
        raise DecidedMeanwhile(report.id)
    report.hold_again() if report.entry_seq is None else report.recount()
