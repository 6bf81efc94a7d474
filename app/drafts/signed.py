"""What readers are shown of the shelf: no word at a guest post's address that its organisation did not sign off."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from math import inf
from time import monotonic
from typing import NamedTuple

import structlog
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from app.cache import noting
from app.cache.memory import Memory
from app.drafts import copies
from app.drafts.models import Draft, DraftRevision, EarlierRelease, PostRelease
from app.extensions import db
from app.people.models import Organisation
from app.posts import reading
from app.posts.index import Index
from app.posts.post import Post
from app.posts.shelf import shelf

log = structlog.get_logger(__name__)
AGAIN = 1.0  # seconds until what could not be read is asked for once more


class Told(NamedTuple):
    """What a post must say that was released here, and the file that says it."""

    words_hash: str
    organisation: str
    file_name: str  # never another one
    before: frozenset[str]  # hashes of the words that it said before it was corrected


class Veiled(NamedTuple):
    """What the shelf holds, what was signed off, and what of both readers are shown."""

    held: Index
    told: Mapping[str, Told]
    shown: Index
    until: float = inf  # (monotonic) when it is worked out once more: the database did not say all


class Veil:
    """Puts what was released in the place of what does not say it, before anybody looks for a post or a translation.

    Worked out once for each version of the shelf and of what was signed off.
    """

    def __init__(self) -> None:
        self._last: Veiled | None = None

    def __call__(self, held: Index) -> Index:
        told, last = _told(), self._last
        if last is None or last.held is not held or last.told is not told or monotonic() >= last.until:
            last = self._last = _veiled(held, told)
        if last.until < inf:
            noting.use_at_most(AGAIN)
        return last.shown


def is_altered(slug: str) -> bool:
    """Whether what is held at a guest post's address is no version that was signed off.

    The last one before a correction is none: after its release it takes each worker a moment to read the new file.
    """
    told, held = _told().get(slug), shelf().held(slug)
    return told is not None and not (held and _says(held, told, {told.words_hash, *told.before}))


def _says(post: Post, told: Told, words: Collection[str]) -> bool:
    """Whether it has words of these, and nothing else speaks against it: whose view it is, a picture nobody signed."""
    is_theirs = post.is_guest and post.organisation_slug == told.organisation
    return is_theirs and post.image is None and post.words_hash in words


def _is_as_signed(post: Post, told: Told) -> bool:
    """A file changed by hand is shown to nobody, and neither is another one at its address."""
    return _says(post, told, {told.words_hash})


def _told() -> Mapping[str, Told]:
    """What was signed off of each guest's post; the page that is being made depends on it."""
    noting.note_read(_MEMORY.tables)
    return _MEMORY.now()


def _veiled(held: Index, told: Mapping[str, Told]) -> Veiled:
    own = {copies.folder() / one.file_name: slug for slug, one in told.items()}
    strayed = {post.slug: slug for post in held.posts.values() if (slug := own.get(post.path, post.slug)) != post.slug}
    wrong = {slug for slug, one in told.items() if (post := held.posts.get(slug)) and not _is_as_signed(post, one)}
    odd = wrong | strayed.keys()
    rest = [_alone(post, told) for post in held.posts.values() if post.slug not in odd]
    if not odd:
        is_same = all(post is held.posts[post.slug] for post in rest)
        return Veiled(held, told, held if is_same else Index(rest))
    try:
        return Veiled(held, told, Index([*rest, *_released(wrong | set(strayed.values()), told)]))
    except SQLAlchemyError as error:
        log.warning("drafts.released_unread", error=type(error).__name__)
        return Veiled(held, told, Index(rest), monotonic() + AGAIN)


def _alone(post: Post, told: Mapping[str, Told]) -> Post:
    """A translation that nobody of its organisation signed stands in no list in the place of what they did sign."""
    original, own = told.get(post.translation_of or ""), told.get(post.slug)
    if original is None or (own and own.organisation == original.organisation):
        return post
    return replace(post, translation_of=None)


def _released(slugs: Collection[str], told: Mapping[str, Told]) -> list[Post]:
    """These posts as they were released; pages note what tells that it is another, not the rows of drafts."""
    says = (DraftRevision.draft_id == Draft.id) & (DraftRevision.number == Draft.released)
    asked = select(Draft.slug, DraftRevision.source).join(DraftRevision, says).where(Draft.slug.in_(slugs))
    with noting.reading(), db.engine.connect().execution_options(only_reads=True) as connection:
        rows = [(slug, source) for slug, source in connection.execute(asked)]
    read = (
        (told[slug], reading.read(copies.folder() / told[slug].file_name, source.encode())) for slug, source in rows
    )
    return [found.post for one, found in read if found.post and _is_as_signed(found.post, one)]


def _read(connection: Connection) -> Mapping[str, Told]:
    asked = select(Draft.id, PostRelease.slug, PostRelease.words_hash, Organisation.slug, Draft.file_name)
    of = asked.join(Organisation, Organisation.id == PostRelease.organisation_id).join(
        Draft, Draft.id == PostRelease.draft_id
    )
    before: defaultdict[int, set[str]] = defaultdict(set)
    for draft_id, words_hash in connection.execute(select(EarlierRelease.draft_id, EarlierRelease.words_hash)):
        before[draft_id].add(words_hash)
    return {
        slug: Told(words_hash, organisation, file_name, frozenset(before[id_]))
        for id_, slug, words_hash, organisation, file_name in connection.execute(of)
    }


_TABLES = (PostRelease.__tablename__, EarlierRelease.__tablename__, Organisation.__tablename__)
_NOTHING: Mapping[str, Told] = {}
_MEMORY = Memory("what was signed off", _TABLES, _read, _NOTHING)
