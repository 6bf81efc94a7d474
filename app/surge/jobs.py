"""What was left out during a surge, by the clock."""

from huey import crontab

from app.kit.jobs import job
from app.surge import pausing


@job(every=crontab(minute="*"))
def catch_up() -> None:
    """Do the work that was postponed, once the surge is over."""
    pausing.catch_up()
