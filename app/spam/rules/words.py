"""What is said, and with which characters."""

import re

from app.spam.rules.rule import READ
from app.spam.submission import Submission

_EXCLAMATION = re.compile(r"[!?]{5}")
_LATIN = "A-Za-zÀ-ɏ"
_BROKEN_WORD = re.compile(f"(?<=[{_LATIN}])[\u200b-\u200d\u2060\ufeff](?=[{_LATIN}])")
_OVERRIDE = re.compile("[\u202d\u202e]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def shouting(submission: Submission) -> int:
    """Capitals or exclamation marks; angry customers do that, so it hardly counts."""
    text = submission.text[:READ]
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    is_loud = len(letters) >= 20 and capitals > 0.7 * len(letters)
    return int(bool(is_loud or _EXCLAMATION.search(text)))


def learned(submission: Submission) -> int:
    """What the words say, as people's decisions have taught, in per mille."""
    return int(1000 * (submission.spamminess or 0))


def hidden_characters(submission: Submission) -> int:
    """Characters that nobody sees: in a name, breaking Latin words, or turning the direction of writing.

    Joiners of emoji and of other scripts are no tricks; one zero-width space comes with many a copied text.
    """
    text = submission.text[:READ]
    is_trick = _INVISIBLE.search(submission.name[:READ]) or _OVERRIDE.search(text)
    return int(bool(is_trick or len(_BROKEN_WORD.findall(text)) > 1))
