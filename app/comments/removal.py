"""Why a comment was removed: one of the campaign's public reasons, somebody's own sentence, or both."""

from typing import NamedTuple

from flask import Flask

from app.config import campaign
from app.web.language import words


class Reason(NamedTuple):
    """The key of a public reason, and what was typed; one of them may be missing."""

    key: str = ""
    own: str = ""

    @classmethod
    def of(cls, key: str, own: str) -> "Reason":
        """As it was chosen and typed; who types a public reason word for word has chosen it."""
        known = {one.key for one in campaign().removal_reasons}
        typed = campaign().removal_key(own)
        return cls(key if key in known else typed or "", own)


def said(key: str, own: str) -> str:
    """The reason in the reader's language, with the sentence that was typed; empty where none was given."""
    labels = (words(one.label) for one in campaign().removal_reasons if one.key == key)
    added = "" if key and campaign().removal_key(own) == key else own
    return " – ".join(filter(None, (next(labels, ""), added))) or key


def init_app(app: Flask) -> None:
    app.jinja_env.globals["removal_words"] = said
