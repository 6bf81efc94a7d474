"""Atom (RFC 4287) and JSON Feed 1.1 with full text. Pure functions: the same posts give the same bytes."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from app.kit.atom import ATOM, add, document, iso
from app.kit.markup import Embed
from app.posts.post import Post

LEDGER = "urn:einzelfall:ledger"
ET.register_namespace("ledger", LEDGER)
THREADING = "http://purl.org/syndication/thread/1.0"  # RFC 4685
ET.register_namespace("thr", THREADING)
NOTHING_YET = datetime(2011, 11, 12, tzinfo=UTC)  # a feed without posts must have a time as well

_TAG = re.compile(r'<[a-z][a-z0-9]*(?:[^<>"]|"[^"]*")*>')
_WIDTHS = re.compile(r'(\ssrcset=")([^"]*)"')
_LOCAL = re.compile(r'(\s(?:href|src)=")([/#](?!/)[^"]*)"')


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed is about, and the words it needs that depend on campaign and language."""

    name: str
    claim: str
    base_url: str
    path: str  # of the feed itself
    query: str  # what addresses of pages end with where the language is not the campaign's own
    lang: str
    label: Callable[[Post], str | None]
    guest_notice: Callable[[Post], str | None]
    embed_link: Callable[[Post, Embed], str]
    reply_line: Callable[[Post], str]
    answered: Callable[[Post], Post | None]
    replies: Callable[[Post], Sequence[Post]]
    series: Callable[[Post], Sequence[tuple[str, Post]]]  # words, and the post that it follows up or that follows it
    checkpoint: str | None  # the ledger's newest published one, so that it is spread wider than we can take it back

    @property
    def url(self) -> str:
        return self.base_url + self.path + self.query

    @property
    def home(self) -> str:
        return f"{self.base_url}/{self.query}"

    def page(self, post: Post) -> str:
        """Where the post is read in the language of the feed; its `id` is the same in all feeds."""
        return self.base_url + post.url + self.query


def atom(posts: Sequence[Post], channel: Channel) -> bytes:
    """An Atom document; `updated` is that of the post that changed last."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": channel.lang})
    add(feed, "id", channel.home)
    add(feed, "title", channel.name)
    add(feed, "subtitle", channel.claim)
    add(feed, "updated", iso(max((post.changed for post in posts), default=NOTHING_YET)))
    add(feed, "link", rel="self", type="application/atom+xml", href=channel.url)
    add(feed, "link", rel="alternate", type="text/html", href=channel.home)
    add(add(feed, "author"), "name", channel.name)
    if channel.checkpoint:
        add(feed, f"{{{LEDGER}}}checkpoint", channel.checkpoint)
    for post in posts:
        _entry(feed, post, channel)
    return document(feed)


def json_feed(posts: Sequence[Post], channel: Channel) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.name,
        "description": channel.claim,
        "home_page_url": channel.home,
        "feed_url": channel.url,
        "language": channel.lang,
        "authors": [{"name": channel.name}],
        "items": [_item(post, channel) for post in posts],
    } | ({"_ledger": {"checkpoint": channel.checkpoint}} if channel.checkpoint else {})
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def labelled_title(post: Post, label: str | None) -> str:
    """`Gastbeitrag von O2: Zur Lage unseres Netzes`; our own titles stay as they are."""
    return f"{label}: {post.title}" if label else post.title


def _entry(feed: ET.Element, post: Post, channel: Channel) -> None:
    label = channel.label(post)
    entry = add(feed, "entry")
    entry.set("xml:lang", post.lang)
    add(entry, "id", channel.base_url + post.url)
    add(entry, "title", labelled_title(post, label))
    add(entry, "link", rel="alternate", type="text/html", href=channel.page(post), hreflang=post.lang)
    if answered := channel.answered(post):
        href = channel.page(answered)
        add(entry, f"{{{THREADING}}}in-reply-to", ref=channel.base_url + answered.url, type="text/html", href=href)
    for _words, other in channel.series(post):
        href = channel.page(other)
        add(entry, "link", rel="related", type="text/html", href=href, hreflang=other.lang, title=other.title)
    add(entry, "published", iso(post.date))
    add(entry, "updated", iso(post.changed))
    for name in _author_names(post, channel):
        add(add(entry, "author"), "name", name)
    if label:
        add(entry, "category", term=post.kind.value, label=label)
    for tag in post.tags:
        add(entry, "category", term=tag.slug, label=tag.name)
    add(entry, "summary", post.summary)
    add(entry, "content", full_text(post, channel), type="html")


def _item(post: Post, channel: Channel) -> dict[str, Any]:
    label = channel.label(post)
    item = {
        "id": channel.base_url + post.url,
        "url": channel.page(post),
        "title": labelled_title(post, label),
        "content_html": full_text(post, channel),
        "summary": post.summary,
        "date_published": iso(post.date),
        "date_modified": iso(post.changed),
        "authors": [{"name": name} for name in _author_names(post, channel)],
        "tags": [*([label] if label else []), *(tag.name for tag in post.tags)],
        "language": post.lang,
    }
    return item | ({"image": channel.base_url + post.image} if post.image else {})


def full_text(post: Post, channel: Channel) -> str:
    """The post as HTML that stands anywhere: absolute addresses, links for live parts, guests and replies named."""
    address = channel.page(post)
    notice, label = channel.guest_notice(post), channel.label(post)
    parts = [f"<p><strong>{escape(label or '')}</strong> – {escape(notice)}</p>"] if notice else []
    parts += _replies(post, channel)
    for part in post.body.parts:
        if isinstance(part, Embed):
            parts.append(f'<p><a href="{escape(address)}">{escape(channel.embed_link(post, part))}</a></p>')
        else:
            parts.append(_TAG.sub(partial(_absolute, channel.base_url, address), str(part)))
    return "\n".join(parts)


def _replies(post: Post, channel: Channel) -> list[str]:
    """The ways between a reply and what it answers, and along a series: wherever one is read the other is linked."""
    answered = channel.answered(post)
    lines = [(channel.reply_line(post), answered)] if answered else []
    lines += [(channel.label(reply) or "", reply) for reply in channel.replies(post)]
    lines += channel.series(post)
    return [
        f'<p><strong>{escape(words)}: <a href="{escape(channel.page(other))}">{escape(other.title)}</a></strong></p>'
        for words, other in lines
    ]


def _absolute(base_url: str, address: str, tag: re.Match[str]) -> str:
    def whole(local: re.Match[str]) -> str:
        return f'{local[1]}{escape(address if local[2][0] == "#" else base_url)}{local[2]}"'

    def all_whole(local: re.Match[str]) -> str:
        return local[1] + local[2].replace("/pictures/", f"{escape(base_url)}/pictures/") + '"'

    return _WIDTHS.sub(all_whole, _LOCAL.sub(whole, tag[0]))


def _author_names(post: Post, channel: Channel) -> list[str]:
    return [f"{a.name}, {a.role}" if a.role else a.name for a in post.authors] or [channel.name]
