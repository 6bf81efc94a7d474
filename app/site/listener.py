"""The door of the site: one listening socket, open from start to end, whoever answers behind it.

Each of granian's workers would listen on a socket of its own: what has knocked at one that falls, or is made anew, is
turned away. Here all of them take from the same queue, which the supervisor holds: who comes while none is there waits.
It is not shut down at the end: granian's workers do not bear that while they still listen.

A worker that shall end leaves the door first, and is asked to end a moment later: granian closes what it has accepted
and not yet read, and who has just come in is about to say what he wants.
"""

import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from errno import EADDRINUSE
from pathlib import Path
from typing import Any

from granian import _signals
from granian._granian import SocketHolder, WorkerSignal
from granian.server.mp import MPServer

BACKLOG = 2048
ENDS = (signal.SIGTERM, signal.SIGINT)
YOUNG = 5.0  # seconds that a worker lives at least, unless it cannot even start
PATIENCE = 10.0  # seconds that what is left of an earlier server has to let go of the port
LEAVE = signal.SIGUSR1  # accept nobody any more
LEAVING = 0.5  # seconds from there to the end: more than the way of a request that is sent as soon as one is let in


def listen(host: str, port: int) -> socket.socket:
    """The socket, listening; OSError when somebody else has the port."""
    ends = time.monotonic() + PATIENCE
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        try:
            door = socket.create_server((host, port), family=family, backlog=BACKLOG)
        except OSError as error:
            if error.errno != EADDRINUSE or time.monotonic() > ends:
                raise
            time.sleep(0.1)
        else:
            # who comes in inherits it: a body that follows its head would wait 40 ms for the other side's word
            door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return door


class Place:
    """Which of the workers this process is."""

    number, of = 0, 0


def keep_to_own_core() -> None:
    """Where there is a worker for each core, stay on one: to pass the interpreter between cores is dear.

    Linux only. Elsewhere, and where there are more workers or fewer, the system decides.
    """
    if sys.platform == "linux":
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) == Place.of:
            os.sched_setaffinity(0, {cores[Place.number]})


class OneDoor(MPServer):
    """Granian on a socket that is open already; it does so by itself where there is no SO_REUSEPORT, as on macOS."""

    def __init__(self, door: socket.socket, target: str, **options: Any) -> None:  # Any: granian's settings
        super().__init__(target, backlog=BACKLOG, **options)
        self._door = door
        signal.signal(LEAVE, signal.SIG_IGN)  # a worker that is still loading has nobody; it would fall
        _signals.set_sync_signals = _hear_once  # what granian's workers call; there is no setting for it

    def _init_shared_socket(self) -> None:
        self._door.setblocking(False)
        self._ssp, self._sso = None, self._door
        self._shd = _holder(self._door)

    def _spawn_worker(self, idx: int, *spawn: Any, **options: Any) -> Any:  # Any: granian's, untyped
        Place.number, Place.of = idx, self.workers  # what is forked from here on knows it
        return super()._spawn_worker(idx, *spawn, **options)

    def _respawn_workers(self, workers: list[int], *spawn: Any, delay: float = 0) -> None:  # Any: handed on
        """In each one's place a new one, which has `delay` seconds to load before the old one ends.

        Granian gives the site up when a worker falls twice within 5.5 s; here the next one comes a second later.
        """
        if any(time.monotonic() - self.wrks[each].birth < YOUNG for each in workers):
            time.sleep(1)
        for each in workers:
            new: Any = self._spawn_worker(each, *spawn)
            old, self.wrks[each] = self.wrks[each], new
            new.start()
            time.sleep(delay)
            self._dismiss([old])

    def _stop_workers(self) -> None:
        self._dismiss(self.wrks)
        self.wrks.clear()

    def _dismiss(self, workers: Sequence[Any]) -> None:  # Any: granian's, untyped
        """Have them leave the door, answer whom they have, and end."""
        left = [worker for worker in workers if worker.is_alive() and _tell_to_leave(worker)]
        time.sleep(LEAVING if left else 0)
        for worker in workers:
            worker.terminate()
        ends = time.monotonic() + (self.workers_kill_timeout or 0)
        for worker in workers:
            worker.join(max(ends - time.monotonic(), 0))
            if worker.is_alive():
                worker.kill()
                worker.join()


def _hear_once() -> Any:  # Any: granian's stub of it has no members
    """In a worker: granian's own event for the end, which is told once, however often somebody asks.

    It has room for two. Whoever told it a third time waited for room with the interpreter in his hands, and who was in
    was never answered: the supervisor asks again each second, and systemd may ask besides.
    """
    event: Any = WorkerSignal()

    def end(*_: object) -> None:
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        event.set()

    for number in ENDS:
        signal.signal(number, end)
    return event


def leave() -> None:
    """In a worker: accept nobody any more; who is in is answered. OSError where it may not open a file more.

    What it listens at becomes another door, at which nobody knocks. The door itself, which the others share, stays.
    """
    nowhere = socket.create_server(("127.0.0.1", 0))
    nowhere.setblocking(False)  # granian asks it who is there, and must not wait for the answer
    for each in (int(path.name) for path in Path("/dev/fd").iterdir()):
        if each != nowhere.fileno() and _is_door(each):
            os.dup2(nowhere.fileno(), each)
    nowhere.detach()


def _is_door(descriptor: int) -> bool:
    with suppress(OSError):  # no socket, or closed meanwhile
        one = socket.socket(fileno=descriptor)
        try:
            return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
        finally:
            one.detach()
    return False


def _tell_to_leave(worker: Any) -> bool:
    with suppress(ProcessLookupError):
        os.kill(worker.inner.pid, LEAVE)
        return True
    return False


def _holder(door: socket.socket) -> Any:  # Any: granian's stub of it names no arguments
    holder: Any = SocketHolder
    return holder(door.fileno(), False, BACKLOG)
