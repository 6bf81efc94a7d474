"""What became of companies' posts: published, archived, taken back before their time. Nothing of what is to come."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.drafts.models import Draft, EarlierRelease, PostRelease
from app.extensions import db
from app.kit import clock
from app.people.models import Decision

DEEDS = {
    "post-released": "published",
    "post-scheduled": "published",
    "post-archived": "archived",
    "post-corrected": "corrected",
}
RECALLED = "post-recalled"
MOST = 200  # lines, the latest

Line = dict[str, Any]  # JSON values
Told = tuple[datetime, Line]


def log() -> list[Line]:
    """Latest first. No reason stands here: those are for the company, and the post's page shows the words."""
    posts = _of_guests()
    about = Decision.about.in_([f"draft:{draft.id}" for draft, _release in posts])
    made = select(Decision).where(about, Decision.deed.in_((*DEEDS, RECALLED))).order_by(Decision.id)
    by_draft: defaultdict[str, list[Decision]] = defaultdict(list)
    for one in db.session.scalars(made):
        by_draft[one.about].append(one)
    told = [line for draft, release in posts for line in _story(draft, release, by_draft[f"draft:{draft.id}"])]
    return [line for _at, line in sorted(told, key=lambda one: one[0], reverse=True)[:MOST]]


def public_now(until: datetime) -> Iterator[tuple[str, str]]:
    """What the rows say was so at a moment: deed and address of each post that was published or archived by then."""
    found = select(Draft, PostRelease).join(PostRelease, PostRelease.draft_id == Draft.id)
    rows = db.session.execute(found.where(Draft.publish_at <= until)).all()
    earlier: defaultdict[int, list[datetime]] = defaultdict(list)
    for one in EarlierRelease.of([draft.id for draft, _release in rows]):
        earlier[one.draft_id].append(one.released_at)
    for draft, release in rows:
        first, *corrected = *earlier[draft.id], release.released_at
        if first <= until:
            yield "published", draft.slug
        if corrected and min(corrected) <= until:
            yield "corrected", draft.slug
        if draft.archived_at and draft.archived_at <= until:
            yield "archived", draft.slug


def _of_guests() -> list[tuple[Draft, PostRelease | None]]:
    """The posts of companies, with what readers are told of them."""
    found = select(Draft, PostRelease).outerjoin(PostRelease, PostRelease.draft_id == Draft.id)
    mine = found.where(Draft.organisation_id.is_not(None)).order_by(Draft.id)
    return [(draft, release) for draft, release in db.session.execute(mine)]


def _story(draft: Draft, release: PostRelease | None, decisions: list[Decision]) -> Iterator[Told]:
    """Of one post, the oldest first: a date that was taken back is told as that alone."""
    standing: list[Told] = []
    for one in decisions:
        if one.deed == RECALLED:
            standing = []
            yield one.at, _line(one, one.at, "recalled", draft)
        elif one.deed in DEEDS and release:
            at = draft.publish_at if one.deed == "post-scheduled" and draft.publish_at else one.at
            named = {"title": release.title, "slug": release.slug}
            standing.append((at, _line(one, at, DEEDS[one.deed], draft) | named))
    yield from (told for told in standing if told[0] <= clock.now())


def _line(decision: Decision, at: datetime, deed: str, draft: Draft) -> Line:
    by = decision.by.role.value if decision.by else "server"
    organisation = draft.organisation.name if draft.organisation else ""
    return {"day": at.astimezone(clock.BERLIN).date().isoformat(), "deed": deed, "organisation": organisation, "by": by}
