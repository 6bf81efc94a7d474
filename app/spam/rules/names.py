"""The name under which somebody writes."""

from app.kit.names import imitates
from app.spam.rules import links
from app.spam.rules.rule import READ
from app.spam.submission import Submission


def address(submission: Submission) -> int:
    """An address where a name is asked for."""
    return int(bool(links.of(submission.name)))


def staff(submission: Submission) -> int:
    """A name that looks like one of the staff or of a verified organisation."""
    return int(bool(imitates(submission.name[:READ], submission.protected_names)))
