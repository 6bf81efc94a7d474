"""What came before."""

from app.spam.submission import Submission


def repeats(submission: Submission) -> int:
    """How often the same text came before: once may be a mistake, ten times are a machine."""
    return submission.repeats


def network(submission: Submission) -> int:
    """How many comments came from the writer's network within the minute: hundreds of phones may share an address."""
    return submission.from_network
