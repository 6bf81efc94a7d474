"""What of a post's source its writers fill in, and the words that somebody signs off.

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

import hashlib
from typing import NamedTuple

from app.posts import source as file
from app.posts.source import Value
from app.posts.writing import bare, changed

EMPTY = "---\n---\n\n"


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


def read(source: str) -> Text:
    """The text of a source; raises `Fault` where it cannot be read."""
    found = file.read(source.encode())
    value = found.values.get
    return Text(_line(value("title")), _line(value("summary")), _people(value("authors")), bare(found.body))


def written(source: str, text: Text) -> str:
    """The source with this text; every line that says something else stays as it is. Raises `Fault`."""
    before = read(source) if source.strip("-\n") else Text()
    changes: dict[str, Value | None] = {}
    if text.title != before.title:
        changes["title"] = text.title or None
    if text.summary != before.summary:
        changes["summary"] = text.summary or None
    if text.authors != before.authors:
        changes["authors"] = [_entry(one) for one in text.authors] or None
    return changed(source.encode(), changes, text.body).decode()


def words_of(source: str) -> bytes:
    """What is signed off; raises `Fault`."""
    text = read(source)
    people = "".join(f"author: {one.name}\nrole: {one.role}\n" for one in text.authors)
    return f"title: {text.title}\nsummary: {text.summary}\n{people}\n{text.body}\n".encode()


def hash_of(source: str) -> str:
    """SHA-256 of the words, in hex."""
    return hashlib.sha256(words_of(source)).hexdigest()


def file_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _line(value: Value | None) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _people(value: Value | None) -> tuple[Byline, ...]:
    entries = value if isinstance(value, list) else [value or ""]
    found = (
        Byline(_line(one.get("name")), _line(one.get("role"))) if isinstance(one, dict) else Byline(_line(one))
        for one in entries
    )
    return tuple(one for one in found if one.name)


def _entry(one: Byline) -> Value:
    return {"name": one.name, "role": one.role} if one.role else one.name
