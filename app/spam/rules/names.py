"""The name under which somebody writes."""

from app.kit.impersonation import Standing, compare
from app.spam.rules import links
from app.spam.rules.rule import READ
from app.spam.submission import Submission


def address(submission: Submission) -> int:
    """An address where a name is asked for."""
    return int(bool(links.of(submission.name)))


def staff(submission: Submission) -> int:
    """A name that could be taken for one of the staff or of a verified organisation."""
    found = compare(submission.name[:READ], submission.protected_names)
    return int(found.standing is not Standing.FREE)
