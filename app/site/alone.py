"""One at a time on an instance: a server, or a restore."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click import ClickException

LOCK = "serve.lock"  # in the instance


class NotAlone(ClickException):
    """Somebody else holds the instance."""


@contextmanager
def alone(instance: Path) -> Iterator[None]:
    """Hold the instance; raises `NotAlone`. The lock goes with its process, however that ends."""
    with (instance / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise NotAlone(f"a server is already running on {instance}") from error
        yield
