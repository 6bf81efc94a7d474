"""Where a report, its words and its place stand."""

from enum import StrEnum


class Source(StrEnum):
    """How a report came."""

    FORM = "form"
    IMPORT = "import"


class State(StrEnum):
    """Whether a report counts; a held one never did so far, a refused one never will."""

    HELD = "held"
    COUNTED = "counted"
    UNCOUNTED = "uncounted"
    REFUSED = "refused"


class TextState(StrEnum):
    """Whether the reporter's own words may be read; only a person releases them."""

    NONE = "none"
    WAITING = "waiting"
    RELEASED = "released"
    WITHHELD = "withheld"


# Each state of words to those they may come from: what somebody withheld is not released from a page left open.
WORDS_MOVE = {
    TextState.WAITING: (TextState.RELEASED, TextState.WITHHELD),
    TextState.RELEASED: (TextState.WAITING,),
    TextState.WITHHELD: (TextState.WAITING, TextState.RELEASED),
}


class PlaceState(StrEnum):
    """Whether we know which place is meant."""

    KNOWN = "known"
    WAITING = "waiting"
    AS_TYPED = "as_typed"
