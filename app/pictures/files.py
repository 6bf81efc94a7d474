"""Where the versions of pictures lie: a folder for each, whole or not there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from app.config import settings
from app.kit import durable, tokens

FOLDER = Path("uploads") / "pictures"


def keep(name: str, files: dict[str, bytes]) -> None:
    """Put a picture's files on disk; they are there when this returns. Of the same bytes they are there already."""
    folder = _folder(name)
    with suppress(FileNotFoundError):
        os.utime(folder)  # young again: whoever clears what has no row leaves it alone
        return
    made = folder.with_name(f".{tokens.new_token()[:16]}")
    made.mkdir(parents=True)
    try:
        for one, data in files.items():
            (made / f"{one}.tmp").write_bytes(data)
            durable.sync_file(made / f"{one}.tmp")
            (made / f"{one}.tmp").rename(made / one)
        durable.sync_folder(made)
        try:
            made.rename(folder)
        except OSError:  # somebody was quicker with the same bytes
            if not folder.is_dir():
                raise
        durable.sync_folder(folder.parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def read(name: str, version: str) -> bytes | None:
    """One of its files, such as "480.webp"; None where there is none."""
    with suppress(OSError):
        return (_folder(name) / version).read_bytes()
    return None


@contextmanager
def leaving(name: str) -> Iterator[None]:
    """Out of the way while its row is deleted, and back should that fail; gone afterwards."""
    folder = _folder(name)
    aside = folder.with_name(f".{tokens.new_token()[:16]}")
    with suppress(FileNotFoundError):
        folder.rename(aside)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def untouched_since(moment: datetime) -> list[str]:
    """The names of folders that nobody has written since, unfinished ones too."""
    names = []
    with suppress(FileNotFoundError):
        for one in os.scandir(settings().instance / FOLDER):
            with suppress(FileNotFoundError):
                if one.stat().st_mtime < moment.timestamp():
                    names.append(one.name)
    return names


def _folder(name: str) -> Path:
    """`name` is one of ours: no part of it was chosen by anybody."""
    return settings().instance / FOLDER / name
