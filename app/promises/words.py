"""The room's words: what a state, an event, a kind is called on pages and in feeds."""

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.promises.models import Deed
from app.promises.verdict import State

STATES = {
    State.OPEN: _l("Open"),
    State.OVERDUE: _l("Overdue"),
    State.WITHDRAWN: _l("Withdrawn"),
    State.CLAIMED_CONFIRMED: _l("Said to be done, and customers confirm it"),
    State.CLAIMED_CONTRADICTED: _l("Said to be done, and customers contradict it"),
    State.CLAIMED_MIXED: _l("Said to be done, and customers disagree"),
    State.CLAIMED_TOO_FEW: _l("Said to be done, with too few answers so far"),
}
DEEDS = {
    Deed.CLAIMED: _l("Said to be done"),
    Deed.POSTPONED: _l("Postponed"),
    Deed.WITHDRAWN: _l("Withdrawn"),
    Deed.CLARIFIED: _l("Clarified"),
    Deed.TAKEN_BACK: _l("Taken back by the editorial team"),
}
QUOTES = {"de": ("„", "“"), "en": ("“", "”")}


def state_words(state: State) -> str:
    return str(STATES[state])


def deed_words(deed: Deed, organisation: str) -> str:
    """What an event is called; a reply is the organisation's own."""
    if deed is Deed.REPLY:
        return str(_("%(carrier)s says to this", carrier=organisation))
    return str(DEEDS[deed])


def quoted(text: str, lang: str) -> str:
    """The text in quotation marks of its own language."""
    begin, end = QUOTES.get(lang, QUOTES["en"])
    return f"{begin}{text}{end}"


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(promise_state=state_words, promise_deed=deed_words)
    app.jinja_env.filters.update(in_quotes=quoted)
