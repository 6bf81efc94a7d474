"""Folders of pictures that no row speaks of: an upload that was cut off, a removal that was."""

from datetime import timedelta

import structlog
from huey import crontab
from sqlalchemy import select

from app.extensions import db
from app.kit import clock
from app.kit.jobs import job
from app.pictures import files
from app.pictures.models import Picture

AGE = timedelta(hours=1)  # far longer than anybody uploads
AT_ONCE = 500  # names in one question
log = structlog.get_logger()


@job(every=crontab(minute="17"))
def clear_folders() -> None:
    """Take away what has had no row for an hour."""
    old = files.untouched_since(clock.now() - AGE)
    for start in range(0, len(old), AT_ONCE):
        names = old[start : start + AT_ONCE]
        known = set(db.session.scalars(select(Picture.name).where(Picture.name.in_(names))))
        db.session.rollback()
        for name in set(names) - known:
            with files.leaving(name):
                log.info("pictures.folder_cleared")
