"""In which language and script a text is."""

import re
import unicodedata

from app.kit import tongue
from app.spam.rules.rule import READ
from app.spam.submission import Submission

SHARE = 0.3  # of a text's letters that are of another script than the campaign's
FEW = 6  # letters; a smiley or a name in another script is none
_NOT_LATIN = re.compile(r"[^\W\d_A-Za-zÀ-ɏ]")
_LETTER = re.compile(r"[^\W\d_]")


def script(submission: Submission) -> int:
    """Letters of another script than the one that the campaign is written in."""
    text = submission.text[:READ]
    others = [letter for letter in _NOT_LATIN.findall(text) if not _is_styled(letter)]
    return int(len(others) >= FEW and len(others) > SHARE * len(_LETTER.findall(text)))


def other_tongue(submission: Submission) -> int:
    """A text in the other language of the site than its post; many customers write so, so it hardly counts."""
    return int(tongue.of(submission.text) not in {"", submission.language})


def _is_styled(letter: str) -> bool:
    """Latin letters in a fancy shape are Latin letters."""
    return unicodedata.normalize("NFKD", letter)[:1].isascii()
