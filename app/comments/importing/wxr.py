"""WordPress eXtended RSS: what WordPress writes under “Tools, Export”, in any of its versions."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape
from typing import BinaryIO

from app.comments.importing.row import (
    Broken,
    Deleted,
    LeftOut,
    Mended,
    Read,
    Refused,
    Row,
    Thread,
    Unreadable,
    Why,
    key_of,
    moment,
)
from app.comments.importing.words import words
from app.comments.importing.xml import Tag, tags
from app.comments.models import State
from app.kit import clock
from app.web.moving import Fault

KIND = "wxr"
STATES = {
    "1": State.PUBLISHED,
    "approved": State.PUBLISHED,
    "0": State.WAITING,
    "hold": State.WAITING,
    "spam": State.SPAM,
}
GONE = frozenset({"trash", "post-trashed"})
PINGS = frozenset({"pingback", "trackback"})
BESIDE = {"comment_author_email": "address", "comment_author_IP": "ip", "comment_author_url": "website"}
NEVER = "0000-00-00 00:00:00"
SITES = ("base_blog_url", "link")  # what names the site, the best first; `base_site_url` is that of a whole network
CHANNEL = 3  # how deep its tags are


def read(file: BinaryIO) -> Iterator[Read]:
    """Every comment of the file, and of what it has besides why it is none."""
    return _Reader().rows(file)


class _Reader:
    """Where in the file it is: under which site, post, comment."""

    def __init__(self) -> None:
        self._sites: dict[str, str] = {}
        self._site = ""
        self._item: dict[str, str] = {}
        self._comment: dict[str, str] | None = None
        self._begins = 0
        self._depth = 0

    def rows(self, file: BinaryIO) -> Iterator[Read]:
        for number, tag in enumerate(tags(file)):
            if isinstance(tag, Broken | Mended):
                yield tag
            elif number == 0 and tag.name != "rss":
                raise Unreadable(f"is no WordPress export: it begins with <{tag.name}> and not with <rss>.")
            elif tag.text is None:
                self._begin(tag)
            elif self._comment is not None and tag.name == "comment":
                yield self._row(self._comment)
                self._comment = None
            else:
                self._note(tag, tag.text)

    def _begin(self, tag: Tag) -> None:
        if tag.name == "item":
            self._item, self._site = {}, _site(self._sites)
        elif tag.name == "comment" and self._comment is None:
            self._comment, self._begins, self._depth = {}, tag.line, tag.depth

    def _note(self, tag: Tag, text: str) -> None:
        if self._comment is not None:
            if tag.depth == self._depth + 1:
                self._comment[tag.name] = text
        elif tag.depth == CHANNEL and tag.name in SITES:
            self._sites[tag.name] = self._sites.get(tag.name, "") or text
        elif tag.name in {"link", "post_name", "post_id"}:
            self._item.setdefault(tag.name, text)

    def _row(self, said: Mapping[str, str]) -> Row | Deleted | LeftOut | Fault:
        kind = said.get("comment_type", "")
        if kind not in {"", "comment"}:
            return LeftOut(Why.PING if kind in PINGS else Why.OTHER)
        try:
            return self._comment_of(said)
        except Refused as error:
            return Fault(self._begins, error.column, str(error))

    def _comment_of(self, said: Mapping[str, str]) -> Row | Deleted:
        old, parent = said.get("comment_id", ""), said.get("comment_parent", "")
        if not old:
            raise Refused("comment_id", "It has no number.")
        key = key_of(KIND, self._site, old)
        above = key_of(KIND, self._site, parent) if parent not in {"", "0"} else None
        at, state = _written_at(said), said.get("comment_approved", "")
        if state in GONE:
            return Deleted(self._begins, key, self._thread(), above, at)
        if state not in STATES:
            raise Refused("comment_approved", f"“{state[:40]}” is no state of a comment.")
        text = words(said.get("comment_content", ""), "comment_content", STATES[state])
        beside = tuple(what for name, what in BESIDE.items() if said.get(name))
        name = unescape(said.get("comment_author", ""))  # which WordPress keeps as it writes it into pages
        return Row(self._begins, key, self._thread(), above, name, text, at, STATES[state], beside)

    def _thread(self) -> Thread:
        item = self._item
        link, name = item.get("link", ""), item.get("post_name", "")
        return Thread(link or name or f"?p={item.get('post_id', '')}", tuple(filter(None, (link, name))))


def _written_at(said: Mapping[str, str]) -> datetime:
    """Older versions have left the time in UTC out: what they have is the site's own."""
    for column, zone in (("comment_date_gmt", UTC), ("comment_date", clock.BERLIN)):
        if (text := said.get(column, "")) not in {"", NEVER}:
            return moment(text, column, zone)
    raise Refused("comment_date_gmt", "It has no date.")


def _site(said: Mapping[str, str]) -> str:
    """The site's address without what changes while it stays the same: http or https, www, a slash at the end."""
    address = next(filter(None, map(said.get, SITES)), "")
    site = re.sub(r"^(?:https?:)?/*(?:www\.)?", "", address.strip().lower()).rstrip("/")
    if not site:
        raise Unreadable(
            "does not say of which site it is: it has no <wp:base_blog_url> and no <link> before its first <item>."
        )
    return site
