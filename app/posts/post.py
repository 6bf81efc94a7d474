"""One post as readers see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.config import Language, Policy, campaign
from app.kit.markup import Rendered
from app.posts.front_matter import Comments, Kind, Status

UNDATED = datetime(2999, 12, 31, tzinfo=UTC)  # a draft without a date: later than everything


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    role: str
    slug: str


@dataclass(frozen=True, slots=True, eq=False)
class Post:
    """A file of the shelf, read. `path` is the file; `url` is where readers find the post."""

    slug: str
    title: str
    date: datetime
    updated: datetime | None
    status: Status
    kind: Kind
    lang: Language
    authors: tuple[Author, ...]
    organisation: str | None
    organisation_slug: str | None
    summary: str
    tags: tuple[Tag, ...]
    image: str | None
    image_alt: str
    comments: Comments
    comment_policy: Policy | None
    aliases: tuple[str, ...]
    translation_of: str | None
    extra: Mapping[str, object]
    body: Rendered
    path: Path
    source_hash: str
    words_hash: str  # of what is signed off of a guest's post (`app.posts.words`)
    follows: str | None = None  # the slug of the post that it follows up, as a status report does
    reply_to: str | None = None  # the slug of the post that it is a reply to, by the right of reply

    def is_public_at(self, now: datetime) -> bool:
        """Whether its address answers: publication is a question asked of the clock."""
        return self.is_released and self.date <= now

    def is_listed_at(self, now: datetime) -> bool:
        """Whether lists and feeds show it; what is archived keeps its address only."""
        return self.is_listable and self.date <= now

    @property
    def is_released(self) -> bool:
        return self.status is not Status.DRAFT

    @property
    def is_listable(self) -> bool:
        return self.status is Status.PUBLISHED

    @property
    def is_guest(self) -> bool:
        return self.kind is Kind.GUEST

    @property
    def is_reply(self) -> bool:
        """Whether it is printed by the right of reply, a verified guest's or anybody else's."""
        return self.reply_to is not None

    @property
    def takes_comments(self) -> bool:
        return self.comments is Comments.OPEN

    @property
    def shows_comments(self) -> bool:
        return self.comments is not Comments.OFF

    @property
    def policy(self) -> Policy:
        """Who reads a comment under it first: as its file says, else as the campaign does."""
        return self.comment_policy or campaign().comment_policy

    @property
    def changed(self) -> datetime:
        """When it last changed in the eyes of its readers."""
        return max(self.date, self.updated or self.date)

    @property
    def url(self) -> str:
        return f"/posts/{self.slug}"

    @property
    def original_slug(self) -> str:
        """The slug that it shares with its translations."""
        return self.translation_of or self.slug
