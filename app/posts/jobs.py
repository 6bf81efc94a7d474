"""What the ledger is told about posts, by the clock."""

from huey import crontab

from app.extensions import db
from app.kit.jobs import job
from app.posts.publication import record_new
from app.posts.shelf import shelf


@job(every=crontab(minute="*"))
def record_publications() -> None:
    """Write every post that was released since into the ledger."""
    record_new(shelf())
    db.session.commit()
