"""What came before."""

from app.spam.submission import Submission


def repeats(submission: Submission) -> int:
    """How often the same text came before: once may be a mistake, ten times are a machine."""
    return submission.repeats


def similar(submission: Submission) -> int:
    """How many comments came before that say nearly the same, the equal ones left out: those are counted above."""
    return submission.similar - submission.repeats


def known_spam(submission: Submission) -> int:
    """How many comments that say nearly the same people found to be spam."""
    return submission.known_spam


def network(submission: Submission) -> int:
    """How many comments came from the writer's network within the minute: hundreds of phones may share an address."""
    return submission.from_network
