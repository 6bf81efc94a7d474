"""What a judge answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Verdict(StrEnum):
    """Advice, never a deed: whoever asked acts on it, and a person's decision is worth more."""

    HAM = "ham"
    SPAM = "spam"
    DISCARD = "discard"  # blatant spam
    UNSURE = "unsure"  # hold: doubts, no answer that could be believed, or a provisional one


@dataclass(frozen=True)
class Judgement:
    """A verdict with its grounds."""

    verdict: Verdict
    judge: Literal["local", "akismet"]
    """Who had the last word."""
    reasons: tuple[str, ...] = ()
    """Keys such as "links" or "akismet-late", for the desk; no word of the submission is in them."""
    recheck_after: int | None = None
    """Seconds after which Akismet wants to be asked again; None leaves it to the asker's back-off."""
    alert: str | None = None
    """Trouble with key, plan or limit in Akismet's words, for the desk."""
    heard: Mapping[str, int] = field(default_factory=dict)
    """The points of each rule that heard something, also of those that only observe."""
    needs_person: bool = False
    """Nobody but a person may publish it."""

    @property
    def is_worth_asking_again(self) -> bool:
        """Akismet gave no lasting answer and may give one later; otherwise only a person can decide."""
        return self.verdict is Verdict.UNSURE and self.judge == "akismet"
