"""`python -m app.site.server SOCKET`: granian with this site's settings, a worker a core, on a socket that is open."""

import os
import resource
import socket
import sys

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from app import create_app
from app.config import Settings
from app.kit.supervisor import GRACE, be_called, end_with_parent
from app.site.hits import answer_at_once
from app.site.listener import OneDoor
from app.site.warm import read_for_all

THREADS = 10  # a worker: one more than there are seats (surge/gate.py), which is for what is answered from memory
CONNECTIONS = 6000  # a worker: open pages that ask for the counter each keep one; whoever comes then waits at the door
IDLE = 600  # seconds that a thread is kept: where memory is short none can be begun, and granian says a bare 500
OWN_FILES = 512  # that a worker opens besides
LOADING = 4.0  # seconds that a new worker has, at SIGHUP, before the one whose place it takes is asked to end


def connections() -> int:
    """How many a worker takes, as far as this process and its children may open files."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OWN_FILES
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    return max(wanted - OWN_FILES, wanted // 2)


def run(door: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT, or until the supervisor is gone; at SIGHUP with new workers, one after another."""
    be_called("site-server")
    settings = Settings.load()
    end_with_parent()
    read_for_all(create_app(settings))
    answer_at_once()
    OneDoor(
        door,
        "app.site.worker:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,  # what browsers and proxies speak without TLS
        workers=settings.workers or os.cpu_count() or 1,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=IDLE,
        backpressure=connections(),  # of connections, not of requests: what is done of those at once the gate decides
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=LOADING,
        workers_kill_timeout=GRACE,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    run(socket.socket(fileno=int(sys.argv[1])))
