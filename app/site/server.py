"""`python -m app.site.server`: granian with this site's settings, a worker a core."""

import os

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

import app.comments.views
import app.desk.views
import app.site.views  # noqa: F401 -- read before the workers are forked, so that they share it and start sooner
from app.config import Campaign, Settings
from app.kit.supervisor import GRACE, end_with_parent
from app.places import gazetteer

THREADS = 8  # a worker; a thread that waits two seconds for Akismet must not hold up the others
BACKLOG = 2048


def run() -> None:
    """Serve until SIGTERM or SIGINT, or until the supervisor is gone."""
    settings = Settings.load()
    end_with_parent()
    gazetteer(Campaign.load(settings.instance).country)  # read once, before the workers are forked
    Server(
        "app.site.worker:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,  # what browsers and proxies speak without TLS
        workers=settings.workers or os.cpu_count() or 1,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=GRACE,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    run()
