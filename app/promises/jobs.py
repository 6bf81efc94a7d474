"""Promises by the clock."""

import structlog
from huey import crontab

from app.kit.jobs import job
from app.promises.tallying import QuickerElsewhere, tally
from app.surge.pausing import in_calm

log = structlog.get_logger()


@job(every=crontab(hour="2-5", minute="40"))  # UTC, again should the site have been down or the day been quiet
@in_calm
def tally_promises() -> None:
    """Publish what customers answer to claims, as far as enough of it is new."""
    try:
        log.info("promises_tallied", made=len(tally()))
    except QuickerElsewhere as reason:
        log.info("promises_not_tallied", reason=str(reason))
