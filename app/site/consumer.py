"""`python -m app.site.consumer`: runs the jobs; a second one waits until the first has ended."""

import fcntl
import os
import signal
from types import FrameType

from huey.consumer import Consumer

from app import create_app
from app.kit.jobs import huey
from app.kit.supervisor import GRACE, end_with_parent
from app.web import logs

POLL = 0.1  # seconds between two looks at the queue, up to
POLL_MOST = 1.0


class _Gentle(Consumer):  # type: ignore[misc]  # huey ships no types
    """Finishes the jobs that run when it is asked to end, however often it is asked."""

    def _handle_signal(self, number: int, frame: FrameType | None) -> None:
        super()._handle_signal(number, frame)
        signal.signal(number, signal.SIG_IGN)  # for huey a second one means: at once, between a deed and its mark


def run() -> None:
    """Run jobs until SIGTERM or SIGINT, or until whoever started us is gone."""
    os.nice(5)  # readers first
    app = create_app()
    logs.keep_in(app.extensions["settings"].instance / logs.FOLDER)
    with (app.extensions["settings"].instance / "jobs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        end_with_parent()
        _Gentle(
            huey,
            workers=2,
            periodic=True,
            initial_delay=POLL,
            max_delay=POLL_MOST,
            check_worker_health=True,
            graceful_signal="TERM",
            shutdown_timeout=GRACE,
        ).run()


if __name__ == "__main__":
    run()
