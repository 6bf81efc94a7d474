"""What the ledger of 2011 would hold besides reports: posts as they were published, a checkpoint an hour."""

from datetime import datetime

from app.extensions import db
from app.kit import clock
from app.ledger.models import Checkpoint
from app.posts.publication import Publication, unrecorded
from app.posts.shelf import shelf


def publish_until(moment: datetime) -> None:
    """Record every post dated up to a moment, each at its own minute, and sign after each."""
    due = [post for post in unrecorded(shelf()) if post.date <= moment]
    for post in sorted(due, key=lambda post: (post.date, post.slug)):
        with clock.standing_at(post.date):
            Publication.record(post)
            sign()


def sign() -> None:
    """Publish a checkpoint at the moment that the clock shows."""
    Checkpoint.make()
    db.session.commit()
