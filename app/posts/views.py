"""What machines ask for: feeds, sitemap, robots.txt, and the new address of a page that moved."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from app.config import campaign, settings
from app.kit import clock
from app.ledger.models import Checkpoint
from app.posts import feeds, labels, sitemap
from app.posts.post import Post
from app.posts.shelf import shelf
from app.web.headers import public
from app.web.language import language, words

FEED_LENGTH = 30  # posts
MAX_AGE = 60  # seconds
PAGES = (
    "/",
    "/posts/",
    "/places/",
    "/numbers",
    "/promises/",
    "/answers/",
    "/handovers/",
    "/how-we-count",
    "/transparency",
    "/house-rules",
    "/ledger/",
    "/imprint",
    "/privacy",
    "/accessibility",
    "/attributions",
)

bp = Blueprint("posts", __name__)


@bp.get("/feed.atom")
def atom() -> ResponseReturnValue:
    now = clock.now()
    return _public(feeds.atom(_latest(now), _channel("/feed.atom")), "application/atom+xml", now)


@bp.get("/feed.json")
def json_feed() -> ResponseReturnValue:
    now = clock.now()
    return _public(feeds.json_feed(_latest(now), _channel("/feed.json")), "application/feed+json", now)


@bp.get("/sitemap.xml")
def site_map() -> ResponseReturnValue:
    now = clock.now()
    return _public(sitemap.sitemap(_pages(now)), "application/xml", now)


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    return _public(sitemap.robots(settings().base_url).encode(), "text/plain", clock.now())


def alias_redirect(path: str) -> ResponseReturnValue | None:
    """Where a page that was once at `path` is now; for the 404 handler, which answers itself if None."""
    if request.method not in {"GET", "HEAD"}:
        return None
    post = shelf().alias(path, clock.now())
    if post is None:
        return None
    return redirect(post.url + _query(), 308)


def _query() -> str:
    """What keeps the reader's language in an address; nothing for the campaign's own."""
    return "" if language() == campaign().language else f"?lang={language()}"


def _latest(now: datetime) -> tuple[Post, ...]:
    return shelf().listing(now, language())[:FEED_LENGTH]


def _channel(path: str) -> feeds.Channel:
    own = campaign()
    return feeds.Channel(
        name=own.name,
        claim=words(own.claim),
        base_url=settings().base_url,
        path=path,
        query=_query(),
        lang=language(),
        label=labels.label,
        guest_notice=labels.guest_notice,
        embed_link=labels.embed_link,
        reply_line=labels.reply_line,
        answered=lambda post: shelf().answered_by(post, clock.now()),
        replies=lambda post: shelf().replies(post, clock.now(), language()),
        series=_series,
        checkpoint=published.note if (published := Checkpoint.last()) else None,
    )


def _series(post: Post) -> list[tuple[str, Post]]:
    """What a post follows up and what follows it up, in the words of its language."""
    now, before = clock.now(), shelf().followed_up(post, clock.now(), language())
    lines = [(labels.follows_line(post), before)] if before else []
    return lines + [(labels.continued_line(post, one), one) for one in shelf().continued(post, now, language())]


def _pages(now: datetime) -> Iterator[sitemap.Entry]:
    base_url, posts = settings().base_url, shelf().public(now)
    yield from (sitemap.Entry(base_url + path) for path in PAGES)
    yield from (sitemap.Entry(base_url + post.url, post.changed) for post in posts)
    lists = {f"/tags/{tag.slug}" for post in posts for tag in post.tags}
    lists |= {f"/authors/{author.slug}" for post in posts for author in post.authors}
    lists |= {f"/organisations/{post.organisation_slug}" for post in posts if post.organisation_slug}
    yield from (sitemap.Entry(base_url + path) for path in sorted(lists))


def _public(body: bytes, mimetype: str, now: datetime) -> Response:
    """A public answer that nobody keeps beyond the moment the clock publishes the next post."""
    following = shelf().next_change(now)
    left = max(1, int((following - now).total_seconds())) if following else MAX_AGE
    return public(Response(body, mimetype=mimetype), max_age=min(MAX_AGE, left))
