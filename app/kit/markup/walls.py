"""The two walls every rendered text passes: bleach with our own check of addresses, then nh3."""

import re
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

import nh3
from bleach.sanitizer import Cleaner
from markupsafe import Markup

from app.kit import picture

_SCHEMES = frozenset({"http", "https", "mailto"})
_NEVER_IN_ADDRESSES = re.compile(r"[\s\\<>\"\x00-\x20\x7f-\x9f]")

# A path from the root, a fragment, a query, or a relative path whose first part is a plain name.
_SAME_SITE = re.compile(r"/(?!/)|[#?]|[\w.%~-]+(?:[/?#]|$)")


class Allowed(threading.local):
    """What may leave; holds the walls built for it, once a thread, because bleach's keep state."""

    def __init__(self, attributes: Mapping[str, set[str]], *, same_site: bool = False, rel: str | None = None):
        self._attributes = attributes
        self._same_site = same_site
        self.first_wall = Cleaner(
            tags=frozenset(attributes), attributes=self._is_attribute, protocols=_SCHEMES, strip=True
        )
        self.second_wall = nh3.Cleaner(
            tags=set(attributes),
            attributes={tag: names - {"rel"} if rel else names for tag, names in attributes.items()},
            url_schemes=set(_SCHEMES),
            url_relative="pass_through" if same_site else "deny",
            link_rel=rel,
            attribute_filter=_is_ours,
        )

    def _is_attribute(self, tag: str, name: str, value: str) -> bool:
        if name not in self._attributes.get(tag, ()):
            return False
        if name == "src":
            return is_same_site(value)
        if name == "srcset":
            return picture.is_srcset(value)
        return name != "href" or is_safe_address(value, same_site=self._same_site)


def _is_ours(_tag: str, name: str, value: str) -> str | None:
    """Of what leads somewhere and the second wall does not look into, only our own pictures."""
    return value if name != "srcset" or picture.is_srcset(value) else None


def sanitise(html: str, allowed: Allowed) -> Markup:
    """The HTML reduced to what is allowed; both walls run on every text."""
    return Markup(allowed.second_wall.clean(allowed.first_wall.clean(html)))  # noqa: S704 - this is where HTML becomes safe


def is_safe_address(address: str, *, same_site: bool = False) -> bool:
    """Whether a link may lead there: http and https with a host and without a user name, or mailto."""
    if _NEVER_IN_ADDRESSES.search(address):
        return False
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname)
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return has_host and "@" not in parts.netloc
    if parts.scheme == "mailto":
        return "@" in parts.path
    return same_site and is_same_site(address)


def is_same_site(address: str) -> bool:
    """Whether an address stays on this site: a path, relative or from the root, or a fragment."""
    return not _NEVER_IN_ADDRESSES.search(address) and _SAME_SITE.match(address) is not None
