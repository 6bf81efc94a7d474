"""All rules over one text, until none finds anything more."""

from typing import Final

from app.kit.redact.addresses import addresses
from app.kit.redact.customer_numbers import customer_numbers
from app.kit.redact.emails import emails
from app.kit.redact.find import Find, joined
from app.kit.redact.ibans import ibans
from app.kit.redact.imeis import imeis
from app.kit.redact.names import names
from app.kit.redact.page import Page, Rule
from app.kit.redact.phones import phones
from app.kit.redact.plates import plates
from app.kit.redact.reading import Reading

RULES: Final[tuple[Rule, ...]] = (emails, ibans, imeis, phones, customer_numbers, addresses, plates, names)

ROUNDS: Final = 6
"""What is taken out of a text may let something else in it be found. Each round looks at what the last one left."""


def found(text: str, region: str) -> tuple[Find, ...]:
    """Everything that any rule finds, in order, without overlaps."""
    reading = Reading.of(text)
    left, finds = reading.text, list[Find]()
    for _ in range(ROUNDS):
        page = Page(left, region)
        new = [_trimmed(find, left) for rule in RULES for find in rule(page)]
        new = [find for find in new if find.end > find.start]
        if not new:
            break
        finds += new
        left = _without(left, joined(new))
    return tuple(joined([reading.written(find) for find in finds]))


def _trimmed(find: Find, text: str) -> Find:
    """Without blanks at its ends."""
    inside = text[find.start : find.end]
    return Find(
        find.start + len(inside) - len(inside.lstrip()), find.end - len(inside) + len(inside.rstrip()), find.kind
    )


def _without(text: str, finds: list[Find]) -> str:
    """The text with a blank mark, equally long, for each find: brackets, as no rule looks across them."""
    parts, at = list[str](), 0
    for find in finds:
        length = find.end - find.start
        parts += [text[at : find.start], f"[{'█' * (length - 2)}]" if length > 1 else "█"]
        at = find.end
    return "".join([*parts, text[at:]])
