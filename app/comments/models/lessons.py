"""What a person's decision teaches the judges of this site, and what taking it back unteaches."""

from typing import TYPE_CHECKING

from app.config import campaign
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
    language = language_of(comment.post_slug)
    if before := LESSONS.get(comment.lesson or ""):
        bayes.unlearn(comment.name, comment.text, language, before)
        _count(comment, Taught(-before.spam, -before.ham))
    if now := LESSONS.get(lesson or ""):
        bayes.learn(comment.name, comment.text, language, now, clock.now())
        _count(comment, now)
    comment.lesson = lesson


def language_of(post_slug: str) -> str:
    """The language in which a post is written."""
    post = shelf().find(post_slug)
    return post.lang if post else campaign().language


def _count(comment: "Comment", taught: Taught) -> None:
    if comment.cluster:
        CommentCluster.learn(comment.cluster, spam=taught.spam, ham=taught.ham)
