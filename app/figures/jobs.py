"""Figures by the clock."""

import structlog
from huey import crontab

from app.figures.models import NotNow
from app.figures.publishing import publish
from app.kit.jobs import job
from app.surge.pausing import in_calm

log = structlog.get_logger()


@job(every=crontab(hour="2-5", minute="30"))  # UTC, again should the site have been down or the day been quiet
@in_calm
def publish_figures() -> None:
    """Publish the figures of the day, unless there are none to publish."""
    try:
        made = publish()
    except NotNow as reason:
        log.info("figures_not_published", reason=str(reason))
    else:
        log.info("figures_published", batch=made.id, counter=made.counter)
