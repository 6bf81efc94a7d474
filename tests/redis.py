"""A real Redis on the loopback, that can be killed, paused and filled."""

import shutil
import signal
import subprocess
from typing import Self

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NotThere

from tests.ports import free_port
from tests.server import eventually

INSTALL = "these tests need a real Redis: apt-get install redis-server (macOS: brew install redis)"
CLOSED = ("--protected-mode", "no", "--save", "", "--appendonly", "no", "--loglevel", "warning")


class Store:
    """One server that keeps nothing on disk."""

    def __init__(self, host: str = "127.0.0.1", inside: tuple[str, ...] = ()) -> None:
        self.port, self._host, self._inside = free_port(), host, inside
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.resume()
        self.kill()

    @property
    def url(self) -> str:
        return f"redis://{self._host}:{self.port}/0"

    @property
    def client(self) -> Redis:
        """A client of the tests' own, which waits as long as it takes."""
        return Redis.from_url(self.url, socket_timeout=60)

    def start(self) -> None:
        tool = shutil.which("redis-server") or pytest.fail(INSTALL)
        command = [*self._inside, tool, "--bind", self._host, "--port", str(self.port), *CLOSED]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not self._inside:
            eventually(self._answers, "Redis answers")

    def kill(self) -> None:
        """Gone: nobody listens any more."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Slow without end: connections are made, and nothing comes back."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def fill(self) -> None:
        """Full: what needs room is refused."""
        self.client.config_set("maxmemory-policy", "noeviction")
        self.client.config_set("maxmemory", 1)

    def empty(self) -> None:
        """No longer full."""
        self.client.config_set("maxmemory", 0)

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except NotThere:
            return False
