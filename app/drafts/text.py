"""What of a post's source its writers fill in, and the words that somebody signs off: `app.posts.words` makes them."""

import hashlib

from app.posts import source as file
from app.posts.source import Value
from app.posts.words import Byline, Text, signed_words, text_of
from app.posts.writing import changed

__all__ = ["EMPTY", "Byline", "Text", "file_hash", "hash_of", "read", "words_of", "written"]

EMPTY = "---\n---\n\n"


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


def read(source: str) -> Text:
    """The text of a source; raises `Fault` where it cannot be read."""
    return text_of(file.read(source.encode()))


def words_of(source: str) -> bytes:
    """What is signed off; raises `Fault`."""
    return signed_words(read(source))


def hash_of(source: str) -> str:
    """SHA-256 of the words, in hex."""
    return hashlib.sha256(words_of(source)).hexdigest()


def file_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _entry(one: Byline) -> Value:
    return {"name": one.name, "role": one.role} if one.role else one.name
