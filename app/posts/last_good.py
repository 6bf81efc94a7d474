"""A copy of each file as it last was good, so that a broken one stays on the site, after a restart too."""

import contextlib
import os
import tempfile
from pathlib import Path

import structlog

from app.kit import durable

log = structlog.get_logger(__name__)


class LastGood:
    """Copies under `<folder>/<number of the post folder>/<file name>`; several workers may write at once."""

    def __init__(self, folder: Path):
        self._folder = folder

    def get(self, number: int, name: str) -> bytes | None:
        with contextlib.suppress(OSError):
            return self._path(number, name).read_bytes()
        return None

    def keep(self, number: int, name: str, data: bytes) -> None:
        """Write the copy if it says something else; a full or read-only disk costs the copy, not the post."""
        if self.get(number, name) == data:
            return
        try:
            replace_file(self._path(number, name), data)
        except OSError as error:
            log.warning("posts.copy_not_kept", file=name, error=type(error).__name__)

    def forget_deleted(self, number: int, posts: Path) -> None:
        """Drop the copies of files that are gone: what was taken down never comes back by itself."""
        with contextlib.suppress(OSError):
            for copy in list((self._folder / str(number)).iterdir()):
                if copy.suffix == ".md" and not os.path.lexists(posts / copy.name):
                    copy.unlink(missing_ok=True)

    def _path(self, number: int, name: str) -> Path:
        return self._folder / str(number) / name


def replace_file(path: Path, data: bytes, *, is_durable: bool = False) -> None:
    """Write a file whole or not at all, whoever reads it meanwhile; a durable one is on disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        if is_durable:
            durable.sync_file(Path(temporary))
        Path(temporary).replace(path)
        if is_durable:
            durable.sync_folder(path.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
