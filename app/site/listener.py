"""The door of the site: one listening socket, open from start to end, whoever answers behind it.

Each of granian's workers would listen on a socket of its own: what has knocked at one that falls, or is made anew, is
turned away. Here all of them take from the same queue, which the supervisor holds: who comes while none is there waits.
It is not shut down at the end: granian's workers do not bear that while they still listen.
"""

import socket
import time
from errno import EADDRINUSE
from typing import Any

from granian._granian import SocketHolder
from granian.server.mp import MPServer

BACKLOG = 2048
YOUNG = 5.0  # seconds that a worker lives at least, unless it cannot even start
PATIENCE = 10.0  # seconds that what is left of an earlier server has to let go of the port


def listen(host: str, port: int) -> socket.socket:
    """The socket, listening; OSError when somebody else has the port."""
    ends = time.monotonic() + PATIENCE
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=BACKLOG)
        except OSError as error:
            if error.errno != EADDRINUSE or time.monotonic() > ends:
                raise
            time.sleep(0.1)


class OneDoor(MPServer):
    """Granian on a socket that is open already; it does so by itself where there is no SO_REUSEPORT, as on macOS."""

    def __init__(self, door: socket.socket, target: str, **options: Any) -> None:  # Any: granian's settings
        super().__init__(target, backlog=BACKLOG, **options)
        self._door = door

    def _init_shared_socket(self) -> None:
        self._door.setblocking(False)
        self._ssp, self._sso = None, self._door
        self._shd = _holder(self._door)

    def _respawn_workers(self, workers: list[int], *arguments: Any, **options: Any) -> None:  # Any: handed on
        """Granian gives the site up when a worker falls twice within 5.5 s; here the next one comes a second later."""
        if any(time.monotonic() - self.wrks[each].birth < YOUNG for each in workers):
            time.sleep(1)
        super()._respawn_workers(workers, *arguments, **options)
        self.respawned_wrks.clear()


def _holder(door: socket.socket) -> Any:  # Any: granian's stub of it names no arguments
    holder: Any = SocketHolder
    return holder(door.fileno(), False, BACKLOG)
