"""The words of a post, as bytes that are signed off and known by their SHA-256.

The signed words are bytes that anybody can make again from a post: UTF-8, lines ending in LF, each value on one line
with single blanks, in this order and nothing else:

    title: …
    summary: …
    author: …      (this line and the next one once for each author, in the order of the byline)
    role: …
                   (an empty line)
    the text in Markdown as it was written, without blank lines before it and white space after it

and one LF at the end. Date, status, tags and addresses are no words: an editor sets them without touching one.
"""

from typing import NamedTuple

from app.posts.source import Source, Value
from app.posts.writing import bare


class Byline(NamedTuple):
    """An author as readers see them."""

    name: str
    role: str = ""


class Text(NamedTuple):
    """What writers fill in."""

    title: str = ""
    summary: str = ""
    authors: tuple[Byline, ...] = ()
    body: str = ""


def text_of(found: Source) -> Text:
    """What its writers filled in."""
    value = found.values.get
    return Text(_line(value("title")), _line(value("summary")), _people(value("authors")), bare(found.body))


def signed_words(text: Text) -> bytes:
    """What is signed off."""
    people = "".join(f"author: {one.name}\nrole: {one.role}\n" for one in text.authors)
    return f"title: {text.title}\nsummary: {text.summary}\n{people}\n{text.body}\n".encode()


def _line(value: Value | None) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _people(value: Value | None) -> tuple[Byline, ...]:
    entries = value if isinstance(value, list) else [value or ""]
    found = (
        Byline(_line(one.get("name")), _line(one.get("role"))) if isinstance(one, dict) else Byline(_line(one))
        for one in entries
    )
    return tuple(one for one in found if one.name)
