"""What readers are shown of the shelf: no word at a guest post's address that its organisation did not sign off."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import structlog
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from app.cache import noting
from app.cache.memory import Memory
from app.drafts import copies
from app.drafts.models import Draft, DraftRevision, PostRelease
from app.extensions import db
from app.people.models import Organisation
from app.posts import reading
from app.posts.index import Index
from app.posts.post import Post

log = structlog.get_logger(__name__)


class Told(NamedTuple):
    """What a post must say that was released here, and the file that says it."""

    words_hash: str
    organisation: str
    file_name: str  # never another one


class Veiled(NamedTuple):
    """What the shelf holds, what was signed off, and what of both readers are shown."""

    held: Index
    told: Mapping[str, Told]
    shown: Index


class Veil:
    """Puts what was released in the place of what does not say it, before anybody looks for a post or a translation.

    Worked out once for each version of the shelf and of what was signed off.
    """

    def __init__(self) -> None:
        self._last: Veiled | None = None

    def __call__(self, held: Index) -> Index:
        told, last = _told(), self._last
        if last is None or last.held is not held or last.told is not told:
            last = self._last = Veiled(held, told, _shown(held, told))
        return last.shown


def is_as_signed(post: Post, told: Told) -> bool:
    """A file changed by hand is shown to nobody, and neither is another one at its address.

    What a file says besides words is held against it, too: whose view it is, and a picture, which nobody signed.
    """
    is_theirs = post.is_guest and post.organisation_slug == told.organisation
    return is_theirs and post.image is None and post.words_hash == told.words_hash


def _told() -> Mapping[str, Told]:
    """What was signed off of each guest's post; the page that is being made depends on it."""
    noting.note_read(_MEMORY.tables)
    return _MEMORY.now()


def _shown(held: Index, told: Mapping[str, Told]) -> Index:
    own = {copies.folder() / one.file_name: slug for slug, one in told.items()}
    strayed = {post.slug: slug for post in held.posts.values() if (slug := own.get(post.path, post.slug)) != post.slug}
    wrong = {slug for slug, one in told.items() if (post := held.posts.get(slug)) and not is_as_signed(post, one)}
    if not strayed and not wrong:
        return held
    instead = _released(wrong | set(strayed.values()), told)
    odd = wrong | strayed.keys()
    return Index([*(post for post in held.posts.values() if post.slug not in odd), *instead])


def _released(slugs: Collection[str], told: Mapping[str, Told]) -> list[Post]:
    """These posts as they were released; pages note what tells that it is another, not the rows of drafts."""
    says = (DraftRevision.draft_id == Draft.id) & (DraftRevision.number == Draft.released)
    asked = select(Draft.slug, DraftRevision.source).join(DraftRevision, says).where(Draft.slug.in_(slugs))
    try:
        with noting.reading(), db.engine.connect().execution_options(only_reads=True) as connection:
            rows = [(slug, source) for slug, source in connection.execute(asked)]
    except SQLAlchemyError as error:
        log.warning("drafts.released_unread", error=type(error).__name__)
        return []
    read = (
        (told[slug], reading.read(copies.folder() / told[slug].file_name, source.encode())) for slug, source in rows
    )
    return [found.post for one, found in read if found.post and is_as_signed(found.post, one)]


def _read(connection: Connection) -> Mapping[str, Told]:
    asked = select(PostRelease.slug, PostRelease.words_hash, Organisation.slug, Draft.file_name)
    of = asked.join(Organisation, Organisation.id == PostRelease.organisation_id).join(
        Draft, Draft.id == PostRelease.draft_id
    )
    return {slug: Told(*told) for slug, *told in connection.execute(of)}


_NOTHING: Mapping[str, Told] = {}
_MEMORY = Memory("what was signed off", (PostRelease.__tablename__, Organisation.__tablename__), _read, _NOTHING)
