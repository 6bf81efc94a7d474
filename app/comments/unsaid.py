"""Why a company cannot answer a question: one of a few public reasons, its own words, or both."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

REASONS: dict[str, LazyString] = {
    "undecided": _l("it is not decided yet"),
    "unknown": _l("it is not known yet"),
    "secret": _l("it is a trade secret"),
    "legal": _l("a court or an authority is dealing with it"),
    "contract": _l("it is about a single contract, which only customer service can look into"),
    "others": _l("it is another company's affair"),
}


def said(key: str, own: str) -> str:
    """The reason in the reader's language, with what was typed; a reason that is not known any more by its key."""
    return " – ".join(filter(None, (str(REASONS.get(key, key)), own)))
