"""Make a backup of a site that runs: one moment of the database, and the files that it speaks of."""

import os
import tempfile
import tomllib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, select

from app.config import ROOT, settings
from app.extensions import db, read_one_moment
from app.kit import clock
from app.kit.durable import sync_folder
from app.ledger.merkle import Frontier
from app.site.backup import contents, rows, sealed
from app.site.backup.archive import PIECE, Manifest, Writer

FORMAT = 1
PART = ".part"  # the end of a name while the file is being written

Told = Callable[[str, int, int], None]
"""Progress: what, how many of it are done, of how many."""


class NotMade(Exception):
    """There is no backup; the message says why. Nothing is left behind."""


def create(target: Path, *, to: Sequence[Any] = (), force: bool = False, told: Told | None = None) -> Manifest:
    """Write the archive, whole or not at all, and return its manifest; raises `NotMade`.

    `to` are age recipients; without any it holds the keys in plain. Nobody who writes waits for it: on both databases
    it reads one moment while others go on. Files come after the rows, so that whatever a row speaks of is there.
    """
    if target.exists() and not force:
        raise NotMade(f"{target} is there already; another name, or --force")
    manifest: Manifest = {}
    try:
        with _whole(target, force=force) as file:
            sealed.write(_pieces(manifest, told or (lambda *_: None)), file, to)
    except FileExistsError:
        raise NotMade(f"{target} is there already; another name, or --force") from None
    except (OSError, ValueError) as error:
        raise NotMade(f"{target} could not be written, nothing is left of it: {error}") from error
    finally:
        db.session.rollback()
    return manifest


def _pieces(manifest: Manifest, told: Told) -> Iterator[bytes]:
    """The bytes of the archive; `manifest` is filled on the way."""
    writer = Writer()
    read_one_moment()
    connection = db.session.connection()
    manifest |= _facts(connection)
    if manifest["revision"] is None:
        raise NotMade("the database holds nothing yet")
    for table in rows.tables(connection):
        manifest["tables"][table.name] = yield from _table(writer, connection, table, told)
    db.session.rollback()
    secret = settings().secret_key.encode()
    yield from writer.member(f"{contents.PREFIX}{contents.SECRET}", len(secret), [secret])
    for path in contents.files(settings().instance):
        yield from _file(writer, path)
    yield from writer.end(manifest)


def _facts(connection: Connection) -> Manifest:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return {
        "format": FORMAT,
        "release": version,
        "revision": MigrationContext.configure(connection).get_current_revision(),
        "created_at": clock.now().isoformat(timespec="seconds"),
        "base_url": settings().base_url,
        "ledger": _ledger(connection),
        "tables": {},
    }


def _ledger(connection: Connection) -> Manifest:
    """How long the ledger is; its root since the release that has one."""
    head = next((table for table in rows.tables(connection) if table.name == "ledger_head"), None)
    row = connection.execute(select(head)).mappings().first() if head is not None else None
    if row is None:
        return {}
    root = {"root": Frontier.from_bytes(row["size"], row["frontier"]).root().hex()} if "frontier" in row else {}
    return {"size": row["size"], "counter": row["counter"], **root}


def _table(writer: Writer, connection: Connection, table: Table, told: Told) -> Generator[bytes, None, int]:
    """The rows of a table, a member for each thousand; returns how many there are."""
    done, total = 0, rows.count(connection, table)
    for number, (count, packed) in enumerate(rows.dump(connection, table)):
        yield from writer.member(rows.member(table.name, number), len(packed), [packed])
        done += count
        told(table.name, done, total)
    return done


def _file(writer: Writer, path: Path) -> Iterator[bytes]:
    """A file as it is when it is opened; one that went meanwhile is left out."""
    with suppress(FileNotFoundError), (settings().instance / path).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        yield from writer.member(f"{contents.PREFIX}{path.as_posix()}", size, _read(file, size))


def _read(file: IO[bytes], left: int) -> Iterator[bytes]:
    while left and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


@contextmanager
def _whole(target: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """A file beside the target, readable by its owner only, that gets its name when everything is on disk."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=PART)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        if force:
            part.replace(target)
        else:
            os.link(part, target)  # refuses a name that somebody took meanwhile
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)
