"""Files that are on disk when a call returns, whatever happens to the machine afterwards."""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

OWNER_ONLY = 0o600


def append_lines(path: Path, lines: Iterable[str]) -> None:
    """Put lines at the end of the file, all or none, one writer after the other; OSError when there is no room.

    A line that a power cut has torn is left as it is, and the next one begins below it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        length = os.fstat(descriptor).st_size
        torn = length > 0 and os.pread(descriptor, 1, length - 1) != b"\n"
        try:
            _write_all(descriptor, ("\n" * torn + "".join(f"{line}\n" for line in lines)).encode())
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, length)
            raise
        if length == 0:
            sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Wait until what the file holds is on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
