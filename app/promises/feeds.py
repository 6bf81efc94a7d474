"""The feeds (Atom, RFC 4287; JSON Feed 1.1): new promises, what became of them, and verdicts that changed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from xml.etree import ElementTree as ET

from flask import url_for
from flask_babel import gettext as _

from app.config import campaign, settings
from app.kit import clock
from app.posts.feeds import ATOM, add, document, iso
from app.promises.line import Line, lines_of
from app.promises.models import Promise
from app.promises.words import deed_words, quoted, state_words
from app.web.language import day, language

LENGTH = 60  # entries


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `mark` tells it from the others of its promise."""

    slug: str
    mark: str
    title: str
    text: str
    at: datetime

    @property
    def id(self) -> str:
        return settings().base_url + url_for("promises.promise", slug=self.slug, lang=None) + f"#{self.mark}"

    @property
    def url(self) -> str:
        return settings().base_url + url_for("promises.promise", slug=self.slug)


def entries() -> list[Entry]:
    """The newest ones first."""
    found = [entry for line in lines_of(Promise.all_listed()) for entry in _entries(line)]
    return sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)[:LENGTH]


def atom() -> bytes:
    """The Atom document."""
    found, base_url = entries(), settings().base_url
    began = datetime.combine(campaign().since, time(), clock.BERLIN)
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language()})
    add(feed, "id", base_url + url_for("promises.index", lang=None))
    add(feed, "title", _title())
    add(feed, "updated", iso(max((entry.at for entry in found), default=began)))
    add(feed, "link", rel="self", type="application/atom+xml", href=base_url + url_for("promises.atom"))
    add(feed, "link", rel="alternate", type="text/html", href=base_url + url_for("promises.index"))
    add(add(feed, "author"), "name", campaign().name)
    for entry in found:
        element = add(feed, "entry")
        add(element, "id", entry.id)
        add(element, "title", entry.title)
        add(element, "link", rel="alternate", type="text/html", href=entry.url)
        add(element, "updated", iso(entry.at))
        add(element, "content", entry.text, type="text")
    return document(feed)


def json_feed() -> bytes:
    """The same as JSON."""
    base_url = settings().base_url
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": base_url + url_for("promises.index"),
        "feed_url": base_url + url_for("promises.json_feed"),
        "language": language(),
        "authors": [{"name": campaign().name}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_text": entry.text,
                "date_published": iso(entry.at),
            }
            for entry in entries()
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _title() -> str:
    return f"{_('What %(carrier)s promised', carrier=campaign().carrier)} – {campaign().name}"
