"""The HTML of posts' bodies, kept in files: to render a thousand posts at every start takes seconds."""

import hashlib
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

import structlog
from markupsafe import Markup

from app.kit import markup
from app.posts.last_good import replace_file

log = structlog.get_logger(__name__)


class Bodies:
    """One file a post, named by the bytes it was made of; what another version of the renderer made is made anew."""

    def __init__(self, folder: Path):
        self._folder = folder

    def kept(self, source_hash: str, text: str, write: Callable[[], Markup]) -> Markup:
        """The body of the post with these bytes, as `text` was rendered before; else what `write` makes of it now."""
        path = self._path(source_hash)
        with suppress(OSError, UnicodeDecodeError):
            seal, _, html = path.read_text("utf-8").partition("\n")
            if seal == _seal(text, html):  # a power cut may leave half a file
                return Markup(html)  # noqa: S704 -- `write` made it, through both walls of kit.markup
        html = write()
        try:
            replace_file(path, f"{_seal(text, html)}\n{html}".encode())
        except OSError as error:
            log.warning("posts.body_not_kept", error=type(error).__name__)
        return html

    def forget_others(self, source_hashes: Collection[str]) -> None:
        """Drop what was made of other bytes: a text that was taken down is not kept here."""
        wanted = {self._path(one).name for one in source_hashes}
        with suppress(OSError):
            for file in list(self._folder.iterdir()):
                if file.name not in wanted and file.suffix == ".html":
                    file.unlink(missing_ok=True)

    def _path(self, source_hash: str) -> Path:
        return self._folder / f"{source_hash}.html"


def _seal(text: str, html: str) -> str:
    """Says that a file is whole, and that this version of the renderer made it of this text."""
    return hashlib.sha256("\0".join((markup.made_by(), text, html)).encode()).hexdigest()
