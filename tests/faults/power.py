"""The power is cut: what a disk may hold then is put together from a record of all writes and syncs.

Whatever was synced is there. Of what was written since, everything, nothing, some sectors, or a torn tail is there: a
disk and a file system promise no more. What was acknowledged before the cut must be in it, and the audit clean.
"""

import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from app import create_app
from app.config import Settings
from app.extensions import db
from tests.faults import processes
from tests.faults.record import Call, calls_of
from tests.faults.site import Round, Site
from tests.faults.tracing import Tracing
from tests.server import eventually

SECTOR = 512
CUTS = 20  # that are put together from one record
TOLD = 40  # acknowledged in a record
KEYS = ("secret_key", "ledger_key")

Content = dict[str, bytes]


def cut(site: Site, rounds: int) -> Iterator[Round]:
    """The power is cut at any moment while people write; the copy is opened elsewhere."""
    for begun in range(0, rounds, CUTS):
        earlier = list(site.books)
        base, calls = _record(site)
        told_at = min(one.told_at for one in site.books if one not in earlier)
        first = next(number for number, call in enumerate(calls) if call.began_at > told_at)
        with Elsewhere(site) as elsewhere:
            for _ in range(min(CUTS, rounds - begun)):
                moment = random.randrange(first, len(calls))
                told = [one for one in site.books if one in earlier or one.told_at < calls[moment].began_at]
                began = time.monotonic()
                elsewhere.holds(image(base, calls[:moment]))
                faults = elsewhere.complaints()
                seconds = time.monotonic() - began
                yield Round(len(told) - len(earlier), *site.missing(told, elsewhere.database), seconds, faults=faults)


def image(base: Content, calls: list[Call]) -> Content:
    """What the disk may hold after these calls on files that held, synced, what `base` says."""
    mood = random.choice(("all", "none", "sectors", "torn"))
    return {path: _file(base.get(path, b""), [one for one in calls if one.path == path], mood) for path in base}


def _file(content: bytes, calls: list[Call], mood: str) -> bytes:
    file, synced = bytearray(content), _synced(calls)
    for call in calls[:synced]:
        _do(file, call)
    since = calls[synced:]
    if mood == "torn" and since:
        since = since[: random.randrange(len(since)) + 1]
        since[-1] = since[-1].cut(random.randrange(len(since[-1].data) + 1))
    for call in since if mood != "none" else ():
        for part in call.parts(SECTOR) if mood == "sectors" else (call,):
            if mood != "sectors" or random.random() < 0.5:
                _do(file, part)
    return bytes(file)


def _synced(calls: list[Call]) -> int:
    """How many of these are surely on disk: what had come back before the last sync began that came back, too."""
    syncs = [one for one in calls if one.is_sync]
    last = max((one.began for one in syncs), default=-1)
    return sum(1 for one in calls if one.number < last)


def _do(file: bytearray, call: Call) -> None:
    if call.is_sync:
        return
    if call.name == "ftruncate":
        del file[call.offset :]
        file.extend(bytes(call.offset - len(file)))
    elif call.name == "unlink":
        file.clear()
    else:
        file.extend(bytes(max(0, call.offset - len(file))))
        file[call.offset : call.offset + len(call.data)] = call.data


def _record(site: Site) -> tuple[Content, list[Call]]:
    """What the database's files hold while nobody writes, and every call on them while people do."""
    site.is_whole()
    files, log = site.files()[:2], site.folder / "record"
    pids = [*processes.workers(site), *processes.consumers(site)]
    options = ("-ttt", "-y", "-xx", "-s", "9999999")
    with Tracing(pids, "pwrite64,ftruncate,fsync,fdatasync,unlink", files, log, *options):
        found = eventually(lambda: _at_rest(files, log), "nobody writes for a moment")
        with site.people() as people:
            people.wait_for(TOLD)
    site.account(people)
    assert found
    base, done = found
    return base, calls_of(log)[done:]


def _at_rest(files: list[Path], log: Path) -> tuple[Content, int] | None:
    """The files and the number of calls that made them; None when somebody wrote meanwhile."""
    before = len(calls_of(log))
    content = {str(file): file.read_bytes() if file.exists() else b"" for file in files}
    return (content, before) if len(calls_of(log)) == before else None


class Elsewhere:
    """Another instance with the site's keys, in which a copy is opened."""

    def __init__(self, site: Site) -> None:
        self.folder = site.folder / "elsewhere"
        self.folder.mkdir(exist_ok=True)
        for name in KEYS:
            shutil.copy(site.instance / name, self.folder / name)
        self.database = self.folder / "einzelfall.sqlite"
        self._app = create_app(Settings.load({"EINZELFALL_INSTANCE": str(self.folder)}))

    def __enter__(self) -> "Elsewhere":
        return self

    def __exit__(self, *_: object) -> None:
        self._let_go()
        self._app.extensions["shelf"].close()
        shutil.rmtree(self.folder)

    def holds(self, content: Content) -> None:
        """Put the files there as the disk had them; the index, which is memory, is gone."""
        self._let_go()
        for file in self.folder.glob("einzelfall.sqlite*"):
            file.unlink()
        for path, data in content.items():
            (self.folder / Path(path).name).write_bytes(data)

    def complaints(self) -> list[str]:
        """What SQLite and the audit say of it."""
        with closing(sqlite3.connect(self.database)) as connection:
            [(sound,)] = connection.execute("PRAGMA integrity_check").fetchall()[:1]
        done = self._app.test_cli_runner().invoke(args=["audit"])
        faults = [] if sound == "ok" else [f"damaged: {sound}"]
        return faults if done.exit_code == 0 else [*faults, done.output.strip() or repr(done.exception)]

    def _let_go(self) -> None:
        with self._app.app_context():
            db.engine.dispose()
