"""Whether what the shelf holds says what was signed off: no word of another file is shown at a guest post's address."""

from typing import NamedTuple

from sqlalchemy import select

from app.cache import parts
from app.drafts.models import PostRelease
from app.extensions import db
from app.people.models import Organisation
from app.posts.post import Post


class Told(NamedTuple):
    """What a post must say that was released here."""

    words_hash: str
    organisation: str


def is_as_signed(post: Post, told: Told | None) -> bool:
    """A file changed by hand is shown to nobody, and neither is another one at its address.

    What a file says besides words is held against it, too: whose view it is, and a picture, which nobody signed.
    """
    if told is None:
        return True
    is_theirs = post.is_guest and post.organisation_slug == told.organisation
    return is_theirs and post.image is None and post.words_hash == told.words_hash


def shown(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """Of these the ones that lists and feeds may show."""
    told = _released() if posts else {}
    return tuple(post for post in posts if is_as_signed(post, told.get(post.slug)))


def _released() -> dict[str, Told]:
    lines = parts.kept(("what was signed off",), _lines).splitlines()
    return {slug: Told(words_hash, organisation) for slug, words_hash, organisation in map(str.split, lines)}


def _lines() -> str:
    told = select(PostRelease.slug, PostRelease.words_hash, Organisation.slug)
    rows = db.session.execute(told.join(Organisation, Organisation.id == PostRelease.organisation_id))
    return "\n".join(" ".join(row) for row in rows)
