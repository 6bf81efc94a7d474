"""`python -m app.site.consumer`: runs the jobs; a second one waits until the first has ended."""

import fcntl
import os

from huey.consumer import Consumer

from app import create_app
from app.kit.jobs import huey
from app.kit.supervisor import end_with_parent
from app.surge.pressure import JOBS
from app.surge.watch import Watch
from app.web import logs

WORKERS = 3  # one may be busy for an hour with a backlog of comments, another one with the figures of the night
POLL = 0.1  # seconds between two looks at the queue, up to
POLL_MOST = 1.0


def run() -> None:
    """Run jobs until SIGTERM or SIGINT, or until whoever started us is gone."""
    os.nice(5)  # readers first
    app = create_app()
    logs.keep_in(app.extensions["settings"].instance / logs.FOLDER)
    with (app.extensions["settings"].instance / "jobs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        end_with_parent()
        pressure = app.extensions["surge"]
        Watch(pressure, lambda: pressure.weigh(JOBS, huey.pending_count())).start()
        Consumer(
            huey, workers=WORKERS, periodic=True, initial_delay=POLL, max_delay=POLL_MOST, check_worker_health=True
        ).run()


if __name__ == "__main__":
    run()
