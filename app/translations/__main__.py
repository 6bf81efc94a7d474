"""`python -m app.translations POT`: exit 1 and name what is missing, unsure or left over in a language."""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.config import LANGUAGES

FOLDER = Path(__file__).parent


def faults(language: str, wanted: Catalog) -> Iterator[str]:
    """Each way in which a language falls short of the words that are used."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        held = read_po(file, locale=language)
    if held.fuzzy:
        yield f"{language}: the head says fuzzy, so it would not be compiled and the site would speak English"
    for message in wanted:
        if not message.id:
            continue
        own = held.get(message.id, context=message.context)
        if own is None or not own.string or (isinstance(own.string, tuple) and not all(own.string)):
            yield f"{language}: no translation of {message.id!r}"
        elif own.fuzzy:
            yield f"{language}: unsure translation of {message.id!r}"
    used = {message.id for message in wanted}
    yield from (f"{language}: no longer used {message.id!r}" for message in held if message.id not in used)


def main(template: str) -> int:
    with Path(template).open("rb") as file:
        wanted = read_po(file)
    found = [fault for language in LANGUAGES for fault in faults(language, wanted)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
