"""Feeds of comments (Atom, RFC 4287): under a post, in a thread, and what companies answered."""

from collections.abc import Collection, Sequence
from datetime import datetime, time
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import ColumnElement, Row, or_

from app.cache.noting import reading_only
from app.comments.models import found as rows_of
from app.comments.models.found import by_company, in_order_of_publication
from app.comments.models.state import THREAD
from app.config import campaign, settings
from app.extensions import Model, db
from app.kit import atom, clock, markup
from app.people.models.organisation import TEAM
from app.posts.post import Post
from app.web.language import day, language

LENGTH = 50  # entries


class Ways(NamedTuple):
    """The endpoints of a feed and of the page that says the same, and what their addresses need."""

    feed: str
    page: str
    values: dict[str, Any]  # Any: values of an address


def of_post(post: Post) -> bytes:
    """The newest comments under a post."""
    comment = Model.metadata.tables["comment"]
    rows = _of_thread(post, comment.c.post_slug == post.slug)
    ways = Ways("site.comments_feed", "site.post", {"slug": post.slug})
    return _feed(_("Comments on “%(post)s”", post=post.title), ways, rows, {post.slug: post})


def of_thread(post: Post, top: int) -> bytes:
    """The newest of a comment and the answers below it."""
    comment = Model.metadata.tables["comment"]
    in_thread = or_(comment.c.id == top, comment.c.thread_id == top)
    rows = _of_thread(post, (comment.c.post_slug == post.slug) & in_thread)
    ways = Ways("site.thread_feed", "comments.permalink", {"slug": post.slug, "id": top})
    return _feed(_("A thread on “%(post)s”", post=post.title), ways, rows, {post.slug: post})


def of_answers(posts: Collection[Post]) -> bytes:
    """The newest official answers under these posts."""
    by_slug, comment = {post.slug: post for post in posts}, Model.metadata.tables["comment"]
    rows = _newest(by_company(), comment.c.post_slug.in_(by_slug))
    title = _("Answers by %(carrier)s", carrier=campaign().carrier)
    return _feed(title, Ways("site.answers_feed", "site.answers", {}), rows, by_slug)


def _of_thread(post: Post, *wanted: ColumnElement[bool]) -> Sequence[Row[Any]]:  # Any: a row of columns
    with reading_only(THREAD, (post.slug,)):
        return _newest(*wanted)


def _newest(*wanted: ColumnElement[bool]) -> Sequence[Row[Any]]:  # Any: a row of columns
    """By the moment from which readers could see them, each with what it answers."""
    comment = Model.metadata.tables["comment"]
    said = rows_of.rows(comment.c.post_slug, comment.c.published_at, comment.c.html.label("said"))
    found = said.where(in_order_of_publication(), *wanted).order_by(comment.c.published_at.desc(), comment.c.id.desc())
    return db.session.execute(found.limit(LENGTH), rows_of.parameters()).all()


def _feed(title: str, ways: Ways, rows: Sequence[Row[Any]], posts: dict[str, Post]) -> bytes:  # Any: a row of columns
    base_url = settings().base_url
    channel = atom.Channel(
        id=base_url + url_for(ways.feed, **ways.values, lang=None),
        title=f"{title} – {campaign().name}",
        url=base_url + url_for(ways.feed, **ways.values),
        page=base_url + url_for(ways.page, **ways.values),
        author=campaign().name,
        lang=language(),
        began=datetime.combine(campaign().since, time(), clock.BERLIN),
    )
    return atom.plain_feed(channel, [_entry(row, posts[row.post_slug], base_url) for row in rows])


def _entry(row: Row[Any], post: Post, base_url: str) -> atom.Entry:  # Any: a row of columns
    way = {"slug": row.post_slug, "id": row.id}
    said = Markup(row.said)  # noqa: S704 -- stored as kit.markup rendered it
    return atom.Entry(
        base_url + url_for("comments.permalink", **way, lang=None),
        base_url + url_for("comments.permalink", **way),
        _("%(name)s on “%(post)s”", name=_signed(row), post=post.title),
        markup.plain(said),
        row.published_at,
    )


def _signed(row: Row[Any]) -> str:  # Any: a row of columns
    """The name as readers see it, and for whom a verified person speaks."""
    name = rows_of.shown_name(row.name, is_redacted=row.is_redacted)
    if row.organisation_slug is None:
        return name
    return f"{name} ({_speaks_for(row)})"


def _speaks_for(row: Row[Any]) -> str:  # Any: a row of columns
    if row.organisation_slug == TEAM:
        return str(_("Editorial team"))
    verified = _("verified until %(day)s", day=day(row.until)) if row.until else _("verified")
    return f"{row.organisation} · {verified}"
