"""Personal data in German and English complaints, found and blacked out (docs/decisions/0019).

All occurrences are found, in disguise too; what is not found stays as it was written, byte for byte.
"""

from collections.abc import Callable

from app.kit.redact.find import Find, Kind
from app.kit.redact.finder import found

__all__ = ["Find", "Kind", "finds", "mark", "redact"]

_WORDS = {
    Kind.EMAIL: "e-mail address",
    Kind.PHONE: "phone number",
    Kind.IMEI: "device number",
    Kind.IBAN: "bank account",
    Kind.CUSTOMER_NUMBER: "customer number",
    Kind.PLATE: "number plate",
    Kind.ADDRESS: "address",
    Kind.NAME: "name",
}


def finds(text: str, *, region: str) -> tuple[Find, ...]:
    """What tells who somebody is or how to reach them, in order and without overlaps.

    `region` (ISO 3166, any case) is where telephone numbers without a country code are dialled.
    """
    return found(text, region.upper())


def mark(kind: Kind) -> str:
    """What stands for a find if nobody says otherwise. Any mark stands in brackets: no rule looks across them."""
    return f"[{_WORDS[kind]} removed]"


def redact(text: str, *, region: str, mark: Callable[[Kind], str] = mark) -> str:
    """The text with a mark for each find."""
    parts, at = list[str](), 0
    for find in finds(text, region=region):
        parts += [text[at : find.start], mark(find.kind)]
        at = find.end
    return "".join([*parts, text[at:]])
