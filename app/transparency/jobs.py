"""The hourly count."""

from huey import crontab

from app.extensions import db
from app.kit.jobs import job
from app.surge.pausing import in_calm
from app.transparency import account


@job(every=crontab(minute="47"))
@in_calm
def count_everything() -> None:
    """Count what was done with comments."""
    account.count()
    db.session.commit()
