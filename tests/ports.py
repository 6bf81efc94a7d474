"""Ports of the loopback, below those that the system gives to whoever asks for any: nobody else takes one meanwhile."""

import os
import socket
from itertools import count

FIRST, EACH = 12_000, 1_500  # for each worker of the tests, and for a run beside this one by its process
_worker = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or 9)
_numbers = count(os.getpid() % (EACH // 2))


def free_port(host: str = "127.0.0.1") -> int:
    """A port on which nobody listens, and which no other test of this run is given."""
    while True:
        port = FIRST + _worker * EACH + next(_numbers) % EACH
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
        return port
