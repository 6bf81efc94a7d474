"""Atom documents (RFC 4287): elements, moments, a plain feed of titles and texts. The same in gives the same bytes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed is; `began` is its moment while it has no entry, `id` the same in all languages."""

    id: str
    title: str
    url: str  # of the feed itself
    page: str
    author: str
    lang: str
    began: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `id` is the same in all languages, `url` where it is read."""

    id: str
    url: str
    title: str
    text: str
    at: datetime


def plain_feed(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """An Atom document of the entries in their order."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": channel.lang})
    add(feed, "id", channel.id)
    add(feed, "title", channel.title)
    add(feed, "updated", iso(max((entry.at for entry in entries), default=channel.began)))
    add(feed, "link", rel="self", type="application/atom+xml", href=channel.url)
    add(feed, "link", rel="alternate", type="text/html", href=channel.page)
    add(add(feed, "author"), "name", channel.author)
    for entry in entries:
        element = add(feed, "entry")
        add(element, "id", entry.id)
        add(element, "title", entry.title)
        add(element, "link", rel="alternate", type="text/html", href=entry.url)
        add(element, "updated", iso(entry.at))
        add(element, "content", entry.text, type="text")
    return document(feed)


def add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    """A new element at the end of its parent, with nothing in it that XML cannot hold."""
    clean = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    element = ET.SubElement(parent, name, clean)
    element.text = _NOT_XML.sub("", text) if text is not None else None
    return element


def iso(moment: datetime) -> str:
    """A moment as RFC 3339 has it, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def document(root: ET.Element) -> bytes:
    """XML with its declaration."""
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text
