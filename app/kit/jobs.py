"""Work after the answer: a queue that makes it quick, while the database says what is left to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from huey import MemoryHuey
from huey.serializer import Serializer, SignedSerializer
from huey.storage import SqliteStorage

from app.kit.circuit import Away
from app.kit.expendable import drop_if_damaged
from app.kit.shared_queue import SharedQueue
from app.kit.shared_store import SharedStore

huey = MemoryHuey(name="einzelfall", utc=True, results=False)
log = structlog.get_logger()


class _Here:
    """The app in which jobs of this process run."""

    app: Flask | None = None


def init_app(app: Flask, folder: Path, store: SharedStore | None = None) -> None:
    """Keep the queue in the store that hosts share, else in `folder`.

    It may be lost at any time: jobs are found again by the state of their rows.
    """
    if store:
        huey.storage = SharedQueue(store)
        huey.serializer = SignedSerializer(
            app.secret_key, salt="jobs"
        )  # whoever can write there must not run code here
    else:
        huey.storage, huey.serializer = _storage(folder / "jobs.sqlite"), Serializer()
    _Here.app = app


def begin_consuming() -> None:
    """From now on this process runs the jobs."""
    if isinstance(huey.storage, SharedQueue):
        huey.storage.consume()


def _storage(file: Path) -> SqliteStorage:
    """The queue in its file."""
    drop_if_damaged(file)
    return SqliteStorage(name="einzelfall", filename=str(file), fsync=False)


def job(*, every: Callable[..., bool] | None = None) -> Callable[[Callable[[], None]], "Job"]:
    """Make a function a job: calling it queues it; with `every` (a crontab) it also runs by the clock."""

    def make(work: Callable[[], None]) -> "Job":
        def run() -> None:
            if _Here.app is None:
                raise RuntimeError("jobs run in an app; call init_app first")
            with _Here.app.app_context():
                work()

        run.__name__ = work.__name__
        run.__module__ = work.__module__
        task = huey.task()(run)
        if every is not None:
            run.__name__ = f"{work.__name__}_by_the_clock"
            huey.periodic_task(every)(run)
        return Job(task, work)

    return make


class Job:
    """Call it to queue it; `.now()` runs it here."""

    def __init__(self, task: Any, work: Callable[[], None]) -> None:  # Any: huey ships no types
        self._task = task
        self.now = work
        self.__doc__ = work.__doc__

    def __call__(self) -> None:
        try:
            self._task()
        except Away:
            return  # which was said once, when it began
        except Exception as error:  # noqa: BLE001 -- a full disk under the queue must not fail the request
            log.warning("job_not_queued", job=self.now.__name__, error=type(error).__name__)
