"""Work after the answer: queued, done in the app, done by the clock, and never in the way of a request."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app
from huey import crontab

from app.kit import jobs

done: list[str] = []


@jobs.job(every=crontab(minute="0"))
def sweep() -> None:
    """Sweep the room."""
    done.append(current_app.name)


@jobs.job()
def fail() -> None:
    raise ValueError("broom broken")


@pytest.fixture(autouse=True)
def queue(app: Flask) -> Iterator[None]:
    done.clear()
    jobs.huey.storage.flush_queue()
    yield
    jobs.huey.storage.flush_queue()


def _work() -> int:
    """Do what a consumer does until nothing is left; how many jobs there were."""
    count = 0
    while task := jobs.huey.dequeue():
        jobs.huey.execute(task)
        count += 1
    return count


def test_calling_a_job_queues_it(app: Flask) -> None:
    sweep()
    assert done == []
    assert _work() == 1
    assert done == [app.name]


def test_it_can_be_done_here_and_now(app: Flask) -> None:
    with app.app_context():
        sweep.now()
    assert (done, len(jobs.huey)) == ([app.name], 0)


def test_the_queue_is_a_file_of_the_instance(app: Flask) -> None:
    sweep()
    assert (Path(app.instance_path) / "jobs.sqlite").exists()


def test_the_clock_finds_the_job_under_a_name_of_its_own() -> None:
    names = {task.name for task in jobs.huey._registry.periodic_tasks}
    assert "sweep_by_the_clock" in names
    assert {"send_letters_by_the_clock"} <= names


def test_every_job_of_the_site_says_what_it_does() -> None:
    assert sweep.__doc__ == "Sweep the room."


def test_a_job_that_breaks_stops_no_other(app: Flask) -> None:
    fail()
    sweep()
    assert _work() == 2
    assert done == [app.name]


def test_a_damaged_queue_fails_no_request_and_is_begun_anew(app: Flask) -> None:
    jobs.huey.storage.close()
    (Path(app.instance_path) / "jobs.sqlite").write_bytes(b"no database" * 500)
    sweep()
    jobs.init_app(app, Path(app.instance_path))
    sweep()
    assert _work() == 1
