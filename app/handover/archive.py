"""The files of handovers that were released at the desk: kept in the instance for 30 days, for those who may load them.

They are written before the release is committed, under names that say so, and get their own names after it. If the
machine dies in between, they are read under the first ones: the hashes in the manifest are the only judge.
"""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from app.config import settings
from app.extensions import db
from app.handover.files import PART, Delivery
from app.handover.models import Handover, State
from app.kit import clock
from app.ledger.models import Head

FOLDER = "handovers"
KEPT_FOR = timedelta(days=30)
MANIFEST = "manifest.json"
KINDS = {
    "records.csv": "text/csv; charset=utf-8",
    "records.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "records.json": "application/json",
    MANIFEST: "application/json",
}


def stage(handover: Handover, delivery: Delivery) -> None:
    """Have the files on disk for good while the release is not committed yet; raises OSError."""
    delivery.write(_folder(handover.id))


def settle(handover: Handover) -> None:
    """Give the files of a released handover their names; raises OSError."""
    folder = _folder(handover.id)
    for name, hash_ in _hashes(handover).items():
        part = folder / f"{name}{PART}"
        if part.exists() and _hash_of(part) == hash_:
            part.replace(folder / name)


def file_of(handover: Handover, name: str) -> bytes | None:
    """A file of a released handover, byte for byte; None where it is not, or no longer, kept."""
    if handover.state != State.RELEASED or name not in KINDS:
        return None
    if name == MANIFEST:
        return handover.manifest.encode()
    for path in (_folder(handover.id) / name, _folder(handover.id) / f"{name}{PART}"):
        if path.is_file() and _hash_of(path) == _hashes(handover).get(name):
            return path.read_bytes()
    return None


def has_files(handover: Handover) -> bool:
    return _folder(handover.id).is_dir()


def forget(*, is_dry: bool = False) -> int:
    """Delete the files whose time is over, and what was staged for a release that came to nothing; how many.

    A demo tells of 2011: its files are over from the start and stay.
    """
    if current_app.config["DEMO"]:
        return 0
    if not is_dry:
        Head.take()  # no release is under way meanwhile
    over = list(_over())
    for folder in over if not is_dry else ():
        shutil.rmtree(folder)
    return len(over)


def _over() -> Iterator[Path]:
    since = clock.now() - KEPT_FOR
    found = select(Handover.id, Handover.released_at).where(Handover.state == State.RELEASED)
    released = {id_: at for id_, at in db.session.execute(found) if at is not None}
    for folder in sorted(_root().glob("*")):
        at = released.get(int(folder.name)) if folder.name.isdecimal() else None
        if at is None or at < since:
            yield folder


def _hashes(handover: Handover) -> dict[str, str]:
    """What the ledger has sealed, by file; nothing of what is not released."""
    if handover.state != State.RELEASED:
        return {}
    own = hashlib.sha256(handover.manifest.encode()).hexdigest()
    return {**handover.facts["files"], MANIFEST: own}


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _root() -> Path:
    return settings().instance / FOLDER


def _folder(id_: int) -> Path:
    return _root() / str(id_)
