"""Work that can wait while a surge lasts, and is caught up with after it."""

from collections.abc import Callable
from functools import wraps

import structlog

from app.surge.pressure import is_on, pressure

log = structlog.get_logger()
Work = Callable[[], None]


def in_calm(work: Work) -> Work:
    """Have a job's work wait for the end of a surge; it is done once then, however often it was due."""

    @wraps(work)
    def when_calm() -> None:
        if is_on():
            pressure().postponed[work.__name__] = work
            log.info("job_postponed", job=work.__name__)
        else:
            work()

    return when_calm


def catch_up() -> None:
    """Do what was postponed, if the surge is over."""
    postponed = pressure().postponed
    while postponed and not is_on():
        name, work = postponed.popitem()
        log.info("job_caught_up", job=name)
        work()
