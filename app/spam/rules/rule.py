"""What a rule is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.spam.submission import Submission

READ = 20_000  # characters of a text, or of a name, that are looked at

Hearing = Callable[[Submission], int]
"""How strongly something is heard, from 1; 0 for nothing."""


class Mode(StrEnum):
    """What becomes of what a rule hears."""

    OFF = "off"  # it does not listen
    OBSERVE = "observe"  # it is written down, and decides nothing
    ENFORCE = "enforce"


class Layer(StrEnum):
    """What rules listen to. The first two are the manner in which a text came, the others its words."""

    FORM = "form"
    COPIES = "copies"
    NETWORK = "network"
    LINKS = "links"
    LANGUAGE = "language"
    NAME = "name"
    WORDS = "words"
    POST = "post"
    OUTSIDE = "outside"


MANNER = frozenset({Layer.FORM, Layer.COPIES})


class Effect(StrEnum):
    """What a rule does besides giving points."""

    NONE = "none"
    DOUBT = "doubt"  # nothing is published by this bench alone; Akismet may
    PERSON = "person"  # nobody but a person lets it through


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is listened for."""

    key: str
    """Under which the desk, the database and reasons know it."""
    layer: Layer
    hears: Hearing
    points: tuple[tuple[int, int], ...]
    """Points by strength: from which strength on, how many; ascending."""
    effect: Effect = Effect.NONE
    mode: Mode = Mode.ENFORCE
    """As long as nobody has set another one."""

    def weigh(self, submission: Submission) -> int | None:
        """The points that it gives; None when it hears nothing."""
        strength = self.hears(submission)
        given = [points for least, points in self.points if strength >= least]
        return given[-1] if given else None

    @property
    def most(self) -> int:
        """The points that it gives at most."""
        return self.points[-1][1]
