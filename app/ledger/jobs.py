"""Checkpoints by the clock."""

from huey import crontab

from app.extensions import db
from app.kit.jobs import job
from app.ledger.models import Checkpoint


@job(every=crontab(minute="0"))
def sign_checkpoint() -> None:
    """Publish a checkpoint, if anything changed within the hour."""
    Checkpoint.make()
    db.session.commit()
