"""Work after the answer: a queue that makes it quick, while the database says what is left to do."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from huey import SqliteHuey
from huey.storage import SqliteStorage

huey = SqliteHuey(name="einzelfall", filename=":memory:", utc=True)
log = structlog.get_logger()


class _Here:
    """The app in which jobs of this process run."""

    app: Flask | None = None


def init_app(app: Flask, folder: Path) -> None:
    """Keep the queue in `folder`. It may be lost at any time: jobs are found again by the state of their rows."""
    huey.storage = _storage(folder / "jobs.sqlite")
    _Here.app = app


def _storage(file: Path) -> SqliteStorage:
    """The queue in its file; one that a power cut has damaged is begun anew."""
    try:
        return SqliteStorage(name="einzelfall", filename=str(file), fsync=False)
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # locked, or no place for it: not the file's fault
            raise
        file.unlink()
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
        except Exception as error:  # noqa: BLE001 -- a full disk under the queue must not fail the request
            log.warning("job_not_queued", job=self.now.__name__, error=type(error).__name__)
