"""A promise as pages show it: what became of it, with its places, its dates, its sources and what customers say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.config import campaign
from app.kit import clock
from app.places import Area
from app.posts.labels import organisation_name
from app.posts.post import Post
from app.posts.shelf import shelf
from app.promises.models import Event, Promise
from app.promises.places import are_about, are_wider, areas_of
from app.promises.source import at_words
from app.promises.verdict import State


@dataclass(frozen=True, slots=True)
class Due:
    """By when, as vaguely as it was said; `on` is the last day that the words can mean."""

    words: str
    translation: str
    lang: str
    on: date | None
    is_old: bool


@dataclass(frozen=True, slots=True)
class Source:
    """Where words stand: an address, and what is found there."""

    url: str
    title: str
    lang: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the story."""

    event: Event
    is_struck: bool
    source: Source | None


def source_of(address: str, words: str) -> Source | None:
    """The post or page in which words stand, as its address was noted; None where none was."""
    if not address:
        return None
    post = _post(address)
    if post:
        return Source(at_words(post.url, words) if words else post.url, post.title, post.lang)
    is_link = address.startswith(("https://", "http://", "/"))
    return Source(address if is_link else "", address, "")


def _post(address: str) -> Post | None:
    found = shelf().find(address.removeprefix("/posts/"))
    return found if found and found.is_public_at(clock.now()) else None
