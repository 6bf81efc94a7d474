"""Which post of ours is what the old site called something else."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from app.comments.importing.row import Thread
from app.kit import clock
from app.posts.shelf import shelf

NAMES_A_PAGE = frozenset({"p", "page_id", "attachment_id"})  # in a query of WordPress, whatever its path


class UnreadableMap(Exception):
    """The file of old addresses and posts cannot be used; the message says why."""


class Threads:
    """Finds posts: by what a person has written down, by earlier addresses, by the last word of an address."""

    def __init__(self, written: Mapping[str, str] | None = None, all_under: str | None = None) -> None:
        self._written, self._all_under = _by_path(written or {}), all_under
        self._found: dict[Thread, str | None] = {}
        for slug in filter(None, (*self._written.values(), all_under)):
            if shelf().find(slug) is None:
                raise UnreadableMap(f"There is no post “{slug}”. `flask posts check` lists what is wrong with posts.")

    @classmethod
    def load(cls, file: Path) -> Self:
        """A TOML file with a line for each: "/2011/11/old-address/" = "slug"."""
        try:
            said = tomllib.loads(file.read_text("utf-8-sig"))  # as editors on Windows save it
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UnreadableMap(f"{file}: {error}") from None
        odd = [old for old, slug in said.items() if not isinstance(slug, str)]
        if odd:
            raise UnreadableMap(f"{file}: “{odd[0]}” is to be followed by the slug of a post, in quotes.")
        return cls(said)

    def slug_of(self, thread: Thread) -> str | None:
        """The post's slug; None where none is known by anything the file says."""
        if self._all_under:
            return self._all_under
        if thread not in self._found:
            self._found[thread] = self._find(thread)
        return self._found[thread]

    def _find(self, thread: Thread) -> str | None:
        paths = [_path(address) for address in thread.addresses]
        for path in paths:
            if path in self._written:
                return self._written[path]
        if thread.is_slug:
            return thread.name if shelf().find(thread.name) else None
        for path in paths:
            if post := shelf().alias(path, clock.now()):
                return post.slug
        for path in paths:
            if post := shelf().find(path.rpartition("/")[2]):
                return post.slug
        return None


def _by_path(written: Mapping[str, str]) -> dict[str, str]:
    """Raises UnreadableMap where one address would lead to two posts."""
    found: dict[str, tuple[str, str]] = {}
    for old, slug in written.items():
        first, known = found.setdefault(_path(old), (old, slug))
        if known != slug:
            raise UnreadableMap(f"“{first}” and “{old}” are one address, and lead to “{known}” and “{slug}”.")
    return {path: slug for path, (_, slug) in found.items()}


def _path(address: str) -> str:
    """The path, with what names the page in its query ("/?p=12", "/blog/?page_id=3"), as a map is written."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    path = "/" + unquote(parts.path).strip("/")
    if named := [(key, value) for key, value in parse_qsl(parts.query) if key in NAMES_A_PAGE]:
        return f"{path}?{urlencode(named)}"
    return f"{path}?{parts.query}" if parts.query and path in {"/", "/index.php"} else path
