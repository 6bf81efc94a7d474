"""What a person's decision teaches the judges of this site, and what taking it back unteaches."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from app.cache.noting import writing_only
from app.comments.models.state import THREAD
from app.config import campaign
from app.extensions import Model, db
from app.kit import clock
from app.posts.shelf import shelf
from app.spam import bayes
from app.spam.models import CommentCluster
from app.spam.models.bayes import Taught

if TYPE_CHECKING:
    from app.comments.models.comment import Comment

LESSONS = {"spam": Taught(1, 0), "ham": Taught(0, 1)}


def teach(comment: "Comment", lesson: str | None) -> None:
    """Have a comment teach this ("spam", "ham" or nothing) instead of what it taught before.

    Called by whoever decides, and before a text changes or goes, with the text that has taught.
    """
    if comment.lesson == lesson or comment.member_id is not None or not comment.text:
        return
    _instead([comment], comment.lesson, lesson)
    comment.lesson = lesson


def teach_all(ids: Collection[int], lesson: str | None) -> None:
    """The same of many comments, which whoever decides has taken."""
    comment = Model.metadata.tables["comment"]
    asked = select(comment).where(comment.c.id.in_(ids), comment.c.member_id.is_(None), comment.c.text != "")
    by_lesson = defaultdict[str | None, list[Any]](list)  # Any: rows
    for row in db.session.execute(asked.order_by(comment.c.id)):
        by_lesson[row.lesson].append(row)
    by_lesson.pop(lesson, None)
    for before, rows in by_lesson.items():
        _instead(rows, before, lesson)
    taught = [row.id for rows in by_lesson.values() for row in rows]
    with writing_only(THREAD, {}):  # readers see nothing of it
        db.session.execute(update(comment).where(comment.c.id.in_(taught)).values(lesson=lesson))


def language_of(post_slug: str) -> str:
    """The language in which a post is written."""
    post = shelf().find(post_slug)
    return post.lang if post else campaign().language


def _instead(comments: Sequence[Any], before: str | None, lesson: str | None) -> None:  # Any: comments or rows
    said = [(one.name, one.text, language_of(one.post_slug)) for one in comments]
    clusters = Counter[str](one.cluster for one in comments if one.cluster)
    if was := LESSONS.get(before or ""):
        bayes.unlearn(said, was)
        CommentCluster.learn(clusters, Taught(-was.spam, -was.ham))
    if now := LESSONS.get(lesson or ""):
        bayes.learn(said, now, clock.now())
        CommentCluster.learn(clusters, now)
