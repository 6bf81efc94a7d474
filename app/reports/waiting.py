"""Why a report waits for a person, in words for the one who sent it."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

WORDS = {
    "near-duplicate": _l("many reports with nearly the same words came within an hour"),
    "same-answers": _l("many reports with exactly the same answers came at once"),
    "burst": _l("very many reports from this place came within a minute"),
    "too-quick": _l("the form was sent faster than one can fill it in"),
    "honeypot": _l("a field was filled in that people do not see"),
}
OTHER = _l("something about it was unusual")


def waits_because(signals: Sequence[str]) -> list[str]:
    """The reasons, each once; a signal without words of its own is said in general ones."""
    return list(dict.fromkeys(str(WORDS.get(signal, OTHER)) for signal in signals))
