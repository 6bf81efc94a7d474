"""A promise as pages show it: what became of it, with its places, its dates, its sources and what customers say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.config import campaign
from app.kit import clock
from app.people.models import Organisation
from app.places import Area
from app.posts.labels import organisation_name
from app.posts.post import Post
from app.posts.shelf import shelf
from app.promises.models import Event, Promise, Standing, Story, is_still_said, standings, stories
from app.promises.places import are_about, are_wider, areas_of
from app.promises.source import at_words
from app.promises.verdict import State
from app.web import addresses


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
    taken_back: Event | None  # by which it was struck
    source: Source | None


@dataclass(frozen=True, slots=True)
class Line:
    """A promise with all that pages and feeds say of it."""

    story: Story
    standing: Standing
    areas: tuple[Area, ...]
    source: Source
    organisation: str

    @property
    def promise(self) -> Promise:
        return self.story.promise

    @property
    def state(self) -> State:
        return self.standing.state

    @property
    def is_still_said(self) -> bool:
        """Whether the sentence still stands in its post."""
        return is_still_said(self.promise)

    @property
    def is_claimed(self) -> bool:
        return self.story.claim is not None

    @property
    def is_asked(self) -> bool:
        """Whether customers are asked: of what was marked by mistake nobody is."""
        return self.is_claimed and self.story.taken_back is None

    @property
    def dues(self) -> list[Due]:
        """Every date that was named, oldest first; the last one stands."""
        said = self.story.dues
        return [
            Due(one.due_words, one.due_translation, one.lang, one.due_on, is_old=one is not said[-1]) for one in said
        ]

    @property
    def entries(self) -> list[Entry]:
        """What became of it, in the order in which it was said; what was taken back with the reason, not twice."""
        return [
            Entry(told.event, told.taken_back, source_of(told.event.source, told.event.words))
            for told in self.story.told
            if not told.event.is_taking_back
        ]

    def is_about(self, place: Area) -> bool:
        return are_about(self.areas, place)

    def is_wider_than(self, place: Area) -> bool:
        """Whether it is about the place only because it is about more."""
        return are_wider(self.areas, place)


def lines_of(promises: Sequence[Promise]) -> list[Line]:
    """The promises in the same order, at the same cost however many they are."""
    if not promises:
        return []
    told = stories(promises)
    found = standings(told)
    names = _organisations(promises)
    return [_line(told[one.id], found[one.id], names[one.id]) for one in promises]


def line_of(promise: Promise) -> Line:
    return lines_of([promise])[0]


def _line(story: Story, standing: Standing, organisation: str) -> Line:
    promise = story.promise
    source = source_of(promise.post_slug, promise.sentence) or Source("", promise.post_slug, promise.lang)
    return Line(story, standing, areas_of(promise.areas), source, organisation)


def _organisations(promises: Sequence[Promise]) -> dict[int, str]:
    """Whose each promise is, as its post calls them, else as they are known; asked once, for posts that are gone."""
    called = {one.id: _called(one) for one in promises}
    asked = {one.carrier_slug for one in promises if not called[one.id]}
    names = Organisation.names_of(asked) if asked else {}
    return {one.id: called[one.id] or names.get(one.carrier_slug, one.carrier_slug) for one in promises}


def _called(promise: Promise) -> str:
    if promise.carrier_slug == campaign().carrier_slug:
        return campaign().carrier
    post = _post(promise.post_slug)
    return organisation_name(post) if post else ""


def source_of(address: str, words: str) -> Source | None:
    """The post or page in which words stand, as its address was noted; None where none was."""
    if not address:
        return None
    post = _post(address)
    if post:
        page = addresses.address("site.post", slug=post.slug)
        return Source(at_words(page, words) if words else page, post.title, post.lang)
    is_link = address.startswith(("https://", "http://", "/"))
    return Source(address if is_link else "", address, "")


def _post(address: str) -> Post | None:
    found = shelf().find(address.removeprefix("/posts/"))
    return found if found and found.is_public_at(clock.now()) else None
