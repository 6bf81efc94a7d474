"""The 13,152 comments: 1,754 by people, 11,398 spam, over 750 under the first guest post."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text

from app.comments.models import Comment, Fragment, State, ThreadSize
from app.extensions import db
from app.kit import clock, markup, names, tokens, tongue
from app.people.models import Member
from app.posts.post import Post
from app.posts.shelf import shelf
from app.site.demo import talk, texts
from app.site.demo.texts import Under
from app.spam.models import CommentCluster
from app.spam.models.cluster import comparable_hash

REAL, SPAM = 1_754, 11_398
UNDER_GUEST_POSTS = {"gastbeitrag-o2-netz": 776, "gastbeitrag-o2-zwischenstand": 241}
STAFF_SHARE = {"gastbeitrag-o2-netz": 0.11, "gastbeitrag-o2-zwischenstand": 0.05}
REPLIES = 0.34
WAITING = 14  # comments that lie on the desk
REMOVED = ("Beleidigung", "Telefonnummer einer dritten Person", "Werbung")
BATCH = 400
CLUSTERED = 1_200  # the last ones: of older ones clusters are forgotten, and finding them takes long


@dataclass(slots=True)
class Draft:
    """A comment before it has its number."""

    post: str
    at: datetime
    name: str
    text: str
    state: State = State.PUBLISHED
    parent: "Draft | None" = None
    staff: str = ""
    because: str = ""
    is_question: bool = False
    cluster: str | None = None
    id: int = field(default=0)


def write(rng: random.Random, staff: dict[str, Member]) -> Iterator[int]:
    """Write all comments in the order of their time; yields how many each batch had."""
    drafts = sorted([*_people(rng), *_spam(rng)], key=lambda draft: draft.at)
    for number, draft in enumerate(drafts, start=1):
        draft.id = number
    answered = _answers(drafts)
    for start in range(0, len(drafts), BATCH):
        batch = drafts[start : start + BATCH]
        if start + BATCH > len(drafts) - CLUSTERED:
            _cluster(batch)
        db.session.execute(insert(Comment), [_row(draft, staff) for draft in batch])
        talk.ask(batch, answered)
        shown = select(Comment).where(Comment.id.in_([draft.id for draft in batch]), Comment.published_at.is_not(None))
        Fragment.renew(db.session.scalars(shown))
        db.session.commit()
        yield len(batch)
    _continue_numbering(len(drafts))
    talk.find_helpful(drafts)
    ThreadSize.recount()
    db.session.commit()


def _cluster(batch: list[Draft]) -> None:
    """What lies at the desk is known by what it nearly says, as if it had come by the form."""
    lying = [draft for draft in batch if draft.state in {State.WAITING, State.SPAM}]
    found = CommentCluster.note_all([comparable_hash(draft.text) for draft in lying], batch[-1].at)
    for draft, (cluster, _similar) in zip(lying, found, strict=True):
        draft.cluster = cluster


def _answers(drafts: list[Draft]) -> dict[int, Draft]:
    """The first official answer to each comment that has one, by the comment's number."""
    found = dict[int, Draft]()
    for draft in drafts:
        if draft.parent and draft.staff not in {"", talk.EDITOR}:
            found.setdefault(draft.parent.id, draft)
    return found


def _continue_numbering(last: int) -> None:
    """PostgreSQL does not notice numbers that were given by hand."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT setval(pg_get_serial_sequence('comment', 'id'), :last)"), {"last": last})
        db.session.commit()


def _people(rng: random.Random) -> list[Draft]:
    posts = {post.slug: post for post in shelf().public(clock.now())}
    drafts = [draft for slug, count in _shares(list(posts)).items() for draft in _thread(rng, posts[slug], count)]
    late = sorted((d for d in drafts if not d.staff and d.post not in UNDER_GUEST_POSTS), key=lambda d: d.at)
    for draft in late[-WAITING:]:
        draft.state = State.WAITING
    tops = [draft for draft in late[:-WAITING] if draft.parent is None]
    for draft, reason in zip(rng.sample(tops, len(REMOVED)), REMOVED, strict=True):
        draft.state, draft.because = State.REMOVED, reason
    talk.let_editors_speak(drafts)
    return drafts


def _shares(slugs: list[str]) -> dict[str, int]:
    """How many people's comments stand under each post; 1,754 in all."""
    others = [slug for slug in slugs if slug not in UNDER_GUEST_POSTS]
    left = REAL - sum(UNDER_GUEST_POSTS.values())
    each = {slug: left // len(others) for slug in others}
    each[others[-1]] += left - sum(each.values())
    return UNDER_GUEST_POSTS | each


def _thread(rng: random.Random, post: Post, count: int) -> list[Draft]:
    """The comments under one post: many on the first day, fewer later; answers follow what they answer."""
    share, drafts = STAFF_SHARE.get(post.slug, 0.0), list[Draft]()
    times = sorted(post.date + timedelta(hours=min(rng.expovariate(1 / 30), 1000)) for _ in range(count))
    for at in times:
        parent = _answered(rng, drafts) if drafts else None
        by_staff = parent is not None and not parent.staff and rng.random() < share / REPLIES
        drafts.append(_draft(rng, post, at, parent, by_staff=by_staff))
    return drafts


def _answered(rng: random.Random, drafts: list[Draft]) -> Draft | None:
    return rng.choice(drafts[-25:]) if rng.random() < REPLIES else None


def _draft(rng: random.Random, post: Post, at: datetime, parent: Draft | None, *, by_staff: bool) -> Draft:
    above = (parent.name, parent.text) if parent else None
    under: Under = "guest" if post.is_guest else "campaign"
    kind: texts.Kind = "staff" if by_staff else "reply" if parent else rng.choice(("reader", "reader", "question"))
    name, said = texts.comment(rng, kind=kind, language=post.lang, under=under, answering=above)
    is_question = kind == "question" and post.is_guest
    return Draft(post.slug, at, name, said, parent=parent, staff=name if by_staff else "", is_question=is_question)


def _spam(rng: random.Random) -> list[Draft]:
    """Advertisements under every post, for weeks."""
    posts = shelf().public(clock.now())
    drafts = []
    for _ in range(SPAM):
        post = rng.choice(posts)
        name, text = texts.comment(rng, kind="spam", language=rng.choice(("de", "en", "en")))
        at = post.date + timedelta(hours=rng.uniform(0, 1400))
        drafts.append(Draft(post.slug, at, name, text, State.SPAM))
    return drafts


def _row(draft: Draft, staff: dict[str, Member]) -> dict[str, Any]:  # Any: values of columns
    parent, member = draft.parent, staff.get(draft.staff)
    was_public = draft.state in {State.PUBLISHED, State.REMOVED}
    return {
        "id": draft.id,
        "key_hash": tokens.digest(f"demo:{draft.id}"),
        "post_slug": draft.post,
        "parent_id": parent.id if parent else None,
        "thread_id": _thread_of(parent) if parent else None,
        "member_id": member.id if member else None,
        "name": names.clean(draft.name),
        "text": draft.text,
        "html": str(markup.comment(draft.text)),
        "lang": tongue.of(draft.text) if was_public else "",
        "state": draft.state,
        "written_at": draft.at,
        "published_at": draft.at if was_public else None,
        "removed_because": draft.because,
        "reasons": ["akismet-spam"] if draft.state is State.SPAM else [],
        "alert": "",
        "repeats": 0,
        "cluster": draft.cluster,
        "is_decided": draft.state not in {State.WAITING, State.SPAM},
        "questions": 0,
        "ask_again_at": None,
    }


def _thread_of(draft: Draft) -> int:
    while draft.parent:
        draft = draft.parent
    return draft.id
