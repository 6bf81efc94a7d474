"""The sitemap (sitemaps.org 0.9) and what robots may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from app.kit.atom import document

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000  # entries that the protocol allows in one file
PRIVATE = ("/desk/", "/reports/")
OPEN = ("/reports/new",)  # inside of what is private


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the site; `url` is absolute."""

    url: str
    changed: datetime | None = None


def sitemap(entries: Iterable[Entry]) -> bytes:
    root = ET.Element("urlset", xmlns=NAMESPACE)
    for entry, _ in zip(entries, range(MOST), strict=False):
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = entry.url
        if entry.changed:
            ET.SubElement(url, "lastmod").text = entry.changed.isoformat(timespec="seconds")
    return document(root)


def robots(base_url: str) -> str:
    told = "\n".join([*(f"Disallow: {path}" for path in PRIVATE), *(f"Allow: {path}" for path in OPEN)])
    return f"User-agent: *\n{told}\n\nSitemap: {base_url}/sitemap.xml\n"
