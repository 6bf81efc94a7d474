"""Bring the database up to date: never without a backup of what it held, never back to an older release."""

from datetime import timedelta
from pathlib import Path

import structlog
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click import ClickException
from flask_migrate import upgrade

from app.config import ROOT, settings
from app.extensions import db
from app.kit import clock
from app.kit.secret_file import PRIVATE
from app.site.backup import staging
from app.site.backup.create import PART, NotMade, create

FOLDER = "backups"  # in the instance
KEPT = 3
KEPT_FOR = timedelta(days=30)  # they hold what was erased since

log = structlog.get_logger()


class NotUpgraded(ClickException):
    """The database stays as it is; the message says why and what to do."""


def revisions() -> list[str]:
    """Every revision that this release knows, the newest first."""
    return [one.revision for one in ScriptDirectory(str(ROOT / "app" / "migrations")).walk_revisions()]


def bring_up_to_date() -> None:
    """Migrate if there is anything to migrate; a database that holds something is saved first."""
    if staging.is_interrupted():
        raise NotUpgraded("a restore was interrupted here. Run it once more, or delete the instance")
    known, is_at = revisions(), revision()
    if is_at == known[0]:
        return
    if is_at is not None:
        if is_at not in known:
            raise NotUpgraded(
                f"the database is newer (revision {is_at}) than this release (revision {known[0]}). Run the release "
                "that upgraded it, or a later one; to go back, restore the backup that was made before the upgrade"
            )
        _save(is_at)
    upgrade()


def revision() -> str | None:
    """Where the database is; None when it holds nothing."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def forget(*, is_dry: bool) -> int:
    """Delete backups of this kind whose time is over; how many, and dry only that.

    What is not whole goes with them: another host may be writing one just now, which it will not do for so long.
    """
    since = (clock.now() - KEPT_FOR).timestamp()
    over = [path for path in [*_kept(), *_parts()] if path.stat().st_mtime < since]
    for path in over if not is_dry else ():
        path.unlink(missing_ok=True)
    return len(over)


def _save(is_at: str) -> None:
    folder = settings().instance / FOLDER
    target = folder / f"before-upgrade-{clock.now():%Y%m%dT%H%M%SZ}-{is_at}.tar"
    try:
        folder.mkdir(mode=PRIVATE, exist_ok=True)
        for part in _parts():  # of one that was killed: only one host starts at a time
            part.unlink(missing_ok=True)
        create(target)
    except (NotMade, OSError) as error:
        raise NotUpgraded(
            f"before an upgrade the database is saved, and that failed: {error}. Nothing was changed. Make room, or "
            f"back up elsewhere (`flask backup create FILE`) and upgrade by hand (`flask db upgrade`)"
        ) from error
    log.info("database_saved", file=target.name, revision=is_at)
    for path in _kept()[:-KEPT]:
        path.unlink(missing_ok=True)


def _kept() -> list[Path]:
    """The oldest first."""
    return sorted((settings().instance / FOLDER).glob("before-upgrade-*.tar"))


def _parts() -> list[Path]:
    return list((settings().instance / FOLDER).glob(f".*{PART}"))
