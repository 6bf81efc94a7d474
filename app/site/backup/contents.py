"""Which files of an instance are worth keeping.

Not kept: what may be lost (queue, limits, logs, locks), what is made again (the outbox: letters that were not sent are
rows), backups, and `erasures.log`, which has to be younger than any archive.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from app.site.backup.archive import Damaged

SECRET = "secret_key"  # noqa: S105 -- the name of a file
CONFIG = ("config.toml", "campaign.toml")  # what the restoring machine may have of its own
FILES = (*CONFIG, "ledger_key", "demo.json")
FOLDERS = ("posts", "last-good", "uploads", "handovers")
PREFIX = "files/"


def files(instance: Path) -> Iterator[Path]:
    """Every file that is kept besides the secret, links left out, relative to the instance."""
    yield from (Path(name) for name in FILES if (instance / name).is_file())
    for folder in FOLDERS:
        found = (path for path in sorted((instance / folder).rglob("*")) if path.is_file() and not path.is_symlink())
        yield from (path.relative_to(instance) for path in found if path.suffix not in {".tmp"})


def place(member: str) -> PurePosixPath:
    """Where in an instance a member belongs; raises `Damaged` for a path that leads anywhere else."""
    parts = member.removeprefix(PREFIX).split("/")
    is_known = (len(parts) == 1 and parts[0] in {SECRET, *FILES}) or (len(parts) > 1 and parts[0] in FOLDERS)
    if not is_known or any(part in {"", ".", ".."} or "\0" in part for part in parts):
        raise Damaged(f"{member!r} is no file of an instance")
    return PurePosixPath(*parts)


def present(instance: Path) -> list[str]:
    """What of an earlier life lies in the folder; what every start makes and what may be lost does not count."""
    kept = [name for name in FILES if name not in CONFIG and (instance / name).exists()]
    return kept + [name for name in FOLDERS if any((instance / name).glob("*"))]
