"""One at a time on a host: a server, or a restore."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from click import ClickException

LOCK = "serve.lock"  # in the host's own folder


class NotAlone(ClickException):
    """Somebody else holds the folder."""


@contextmanager
def alone(local: Path) -> Iterator[TextIO]:
    """Hold this host's folder; raises `NotAlone`. The lock goes with its process, however that ends."""
    with (local / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise NotAlone(f"a server is already running on {local}") from error
        yield lock
