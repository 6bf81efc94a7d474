"""What readers are told of guests' posts, held against what was signed off and what the files say."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from app.drafts import copies
from app.drafts.models import Draft, PostRelease, Signoff
from app.drafts.models.release import Released
from app.extensions import db
from app.posts.shelf import shelf


def faults() -> Iterator[str]:
    """Every released guest's post whose words are not those that were signed off, or not those of its file."""
    known = {one.draft_id: one for one in db.session.scalars(select(PostRelease))}
    released = select(Draft).where(Draft.released.is_not(None), Draft.organisation_id.is_not(None))
    for draft in db.session.scalars(released.order_by(Draft.id)):
        told = known.pop(draft.id, None)
        if told is None:
            yield f"guest post {draft.slug} is released, and nothing says what was signed off"
        else:
            yield from _of(draft, told)
    yield from (f"guest post {one.slug} is said to be released and is not" for one in known.values())


def _of(draft: Draft, told: PostRelease) -> Iterator[str]:
    said = draft.revision(draft.released or draft.current).words_hash
    if said != told.words_hash:
        yield f"guest post {draft.slug} shows other words than those that were released"
    releases: list[Released] = [*told.earlier(), told]
    for number, one in enumerate(releases, 1):
        if hashlib.sha256(one.words.encode()).hexdigest() != one.words_hash:
            yield f"guest post {draft.slug} shows other words than those whose hash it tells (release {number})"
        if not _is_signed_off(draft, one):
            yield f"guest post {draft.slug} has words that nobody signed off (release {number})"
    if copies.standing(draft) is not copies.Standing.SAME:
        yield f"guest post {draft.slug} has a file that does not say what was released"
    held = shelf().held(draft.slug)
    if held and held.path != copies.path_of(draft):
        yield f"guest post {draft.slug} has its address taken by another file, {held.path.name}"


def _is_signed_off(draft: Draft, told: Released) -> bool:
    """Whether a sign-off of these words stood when they were released."""
    given = (Signoff.draft_id == draft.id) & (Signoff.words_hash == told.words_hash)
    stood = Signoff.voided_at.is_(None) | (Signoff.voided_at >= told.released_at)
    return db.session.scalar(select(Signoff.id).where(given, stood).limit(1)) is not None
