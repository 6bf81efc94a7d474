"""What companies answered, under all posts; feeds of what is said."""

from functools import partial

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from app.comments import feeds
from app.comments.models import Comment, ThreadSize
from app.comments.models.answers import answers as answers_of
from app.comments.models.answers import unsaid, words_of
from app.comments.models.enquiries import numbers
from app.extensions import db
from app.kit import clock
from app.posts.post import Post
from app.posts.shelf import get_or_404, shelf
from app.site.views.room import bp, public_page
from app.web import headers
from app.web.submission import one_line

FEED_AGE = 60  # seconds
FARTHEST = 10_000  # pages
MOST_COMMENTS = 2**31 - 1  # that can be numbered


@bp.get("/answers/")
def answers() -> ResponseReturnValue:
    """Official answers, newest first, each below what it answers; with `?q=` those that have all its words."""
    posts = {post.slug: post for post in _talked_about()}
    words, page = words_of(one_line(request.args.get("q"))), request.args.get("page", 1, type=int)
    if not 0 < page <= FARTHEST:
        abort(404)
    found = answers_of(posts, words, page)
    if page > 1 and not found.items:
        abort(404)
    return public_page(
        "site/answers.html",
        found=found,
        posts=posts,
        page=page,
        asked=" ".join(words),
        numbers=partial(numbers, list(posts)),
        unsaid=partial(unsaid, list(posts)),
        total=sum(size.answers for size in ThreadSize.of_many(posts).values()),
    )


@bp.get("/answers/feed.atom")
def answers_feed() -> ResponseReturnValue:
    return _atom(feeds.of_answers(_talked_about()))


@bp.get("/posts/<slug>/comments.atom")
def comments_feed(slug: str) -> ResponseReturnValue:
    return _atom(feeds.of_post(_talked_about_or_404(slug)))


@bp.get("/posts/<slug>/comments/<int:id>/feed.atom")
def thread_feed(slug: str, id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """The thread that a comment began."""
    post = _talked_about_or_404(slug)
    top = db.session.get(Comment, id) if id <= MOST_COMMENTS else None
    if top is None or top.post_slug != slug or top.thread_id or not top.was_shown:
        abort(404)
    return _atom(feeds.of_thread(post, id))


def _talked_about() -> list[Post]:
    """The posts whose comments readers see."""
    return [post for post in shelf().public(clock.now()) if post.shows_comments]


def _talked_about_or_404(slug: str) -> Post:
    post = get_or_404(slug)
    return post if post.shows_comments else abort(404)


def _atom(body: bytes) -> ResponseReturnValue:
    return headers.public(Response(body, mimetype="application/atom+xml"), max_age=FEED_AGE)
