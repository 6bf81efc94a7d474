"""What anybody may read of words that a stranger wrote: what tells who somebody is is blacked out."""

from dataclasses import dataclass
from functools import lru_cache

from flask_babel import force_locale, get_locale
from flask_babel import lazy_gettext as _l

from app.config import campaign
from app.kit import redact
from app.kit.redact import Find, Kind

MARKS = {
    Kind.EMAIL: _l("[e-mail address removed]"),
    Kind.PHONE: _l("[phone number removed]"),
    Kind.IMEI: _l("[device number removed]"),
    Kind.IBAN: _l("[bank account removed]"),
    Kind.CUSTOMER_NUMBER: _l("[customer number removed]"),
    Kind.PLATE: _l("[number plate removed]"),
    Kind.ADDRESS: _l("[address removed]"),
    Kind.NAME: _l("[name removed]"),
}
KEPT = 2_000  # texts that pages show again and again


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; with the mark that stands for it where it is blacked out."""

    text: str
    mark: str = ""


def mark(kind: Kind) -> str:
    """What stands for a find, in the language of the page."""
    return str(MARKS[kind])


def finds(text: str) -> tuple[Find, ...]:
    """What is found in the country of the campaign."""
    return redact.finds(text, region=campaign().country)


def blacked_out(text: str) -> str:
    """The text with a mark for each find, in the language of the page."""
    return _blacked_out(text, campaign().country, str(get_locale()))


def kept_blacked_out(text: str) -> str:
    """The same in the campaign's language, whoever asks: for what is stored."""
    with force_locale(campaign().language):
        return blacked_out(text)


def pieces(text: str) -> list[Piece]:
    """The text in pieces, those that would be blacked out with their mark."""
    found, at = list[Piece](), 0
    for find in finds(text):
        found += [Piece(text[at : find.start]), Piece(text[find.start : find.end], mark(find.kind))]
        at = find.end
    return [*found, Piece(text[at:])]


@lru_cache(KEPT)
def _blacked_out(text: str, region: str, _language: str) -> str:
    return redact.redact(text, region=region, mark=mark)
