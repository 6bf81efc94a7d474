"""Publishing the figures of a day: counted at one moment without keeping anyone waiting, then written at once."""

from sqlalchemy.exc import IntegrityError

from app.extensions import db, read_one_moment
from app.figures.models import Batch, Count, NotNow


def publish() -> Batch:
    """Make the batch of today and commit it. Raises NotNow where none is to be made, or another host was quicker."""
    read_one_moment()
    last = Batch.due_after()
    count = Count.of_now(last.size if last else 0)
    db.session.rollback()
    try:
        made = Batch.make(count)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise NotNow("another host has published the figures of today") from None
    return made
