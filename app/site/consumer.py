"""`python -m app.site.consumer`: runs the jobs; a second one, on any host, waits until the first has ended."""

import os
import signal
from contextlib import suppress
from types import FrameType

from huey.consumer import Consumer

from app import create_app
from app.extensions import db
from app.kit.jobs import begin_consuming, huey
from app.kit.meter import FOLDER, meter
from app.kit.supervisor import GRACE, be_called, end_with_parent
from app.site.among_hosts import the_only_one
from app.surge.pressure import JOBS
from app.surge.watch import Watch
from app.web import logs

WORKERS = 3  # one may be busy for an hour with a backlog of comments, another one with the figures of the night
POLL = 0.1  # seconds between two looks at the queue, up to
POLL_MOST = 1.0


class _Gentle(Consumer):  # type: ignore[misc]  # huey ships no types
    """Finishes the jobs that run when it is asked to end, however often it is asked."""

    def _handle_signal(self, number: int, frame: FrameType | None) -> None:
        super()._handle_signal(number, frame)
        signal.signal(number, signal.SIG_IGN)  # for huey a second one means: at once, between a deed and its mark


def run() -> None:
    """Run jobs until SIGTERM or SIGINT, or until whoever started us is gone."""
    be_called("site-jobs")
    os.nice(5)  # readers first
    app = create_app()
    logs.keep_in(app.extensions["settings"].local / logs.FOLDER)
    end_with_parent()
    with app.app_context():
        engine = db.engine
    with the_only_one(engine, app.extensions["settings"].local):
        begin_consuming()
        pressure = app.extensions["surge"]
        with suppress(OSError):
            meter.keep_in(app.extensions["settings"].local / FOLDER)
        Watch(pressure, lambda: pressure.weigh(JOBS, huey.pending_count()), meter.write).start()
        _Gentle(
            huey,
            workers=WORKERS,
            periodic=True,
            initial_delay=POLL,
            max_delay=POLL_MOST,
            check_worker_health=True,
            graceful_signal="TERM",
            shutdown_timeout=GRACE,
        ).run()


if __name__ == "__main__":
    run()
