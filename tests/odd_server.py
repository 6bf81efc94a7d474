"""What a service of our own that misbehaves on request has in common with others."""

import socketserver
import threading
from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import Self


class OddServer(ABC):
    """Listens on a port of its own that stays the same; `says` tells how it behaves from then on."""

    def __init__(self, mode: str, port: int = 0) -> None:
        self.closing = threading.Event()
        self.port = port
        self._server: socketserver.BaseServer | None = None
        self.says(mode)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._stop()

    @property
    @abstractmethod
    def modes(self) -> Collection[str]:
        """How it can behave, besides "dead"."""

    @abstractmethod
    def listen(self, address: tuple[str, int]) -> socketserver.TCPServer:
        """A server bound to an address."""

    def says(self, mode: str) -> None:
        """Be so from now on; "dead" closes the port, any other mode opens it again."""
        if mode != "dead" and mode not in self.modes:
            raise ValueError(f"no mode {mode!r}; there are dead, {', '.join(self.modes)}")
        self.mode = mode
        if mode != "dead" or not self.port:  # who is dead from the beginning has a port, too
            self._start()
        if mode == "dead":
            self._stop()

    def _start(self) -> None:
        if self._server is None:
            self._server = server = self.listen(("127.0.0.1", self.port))
            self.port = server.server_address[1]
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def _stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
