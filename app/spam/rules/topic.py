"""Whether a text has to do with what it stands under."""

import re

from app.spam.rules.rule import READ
from app.spam.submission import Submission

LONG = 10  # words from which on a text that has to do with the post shares one with it
_WORD = re.compile(r"[^\W\d_]{4,}")


def off_topic(submission: Submission) -> int:
    """A text of some length that shares no word with the post, the campaign or the comment it answers."""
    if submission.shared_words != 0:
        return 0
    return int(len(_WORD.findall(submission.text[:READ])) >= LONG)
