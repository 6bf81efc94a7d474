"""The disk refuses: single calls fail, it is full, it is free again."""

import os
import random
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults import processes
from tests.faults.people import People
from tests.faults.site import Round, Site
from tests.faults.tracing import Tracing, failing
from tests.server import eventually

WRITES, SYNCS, OPENS = "pwrite64,write,ftruncate,fallocate", "fsync,fdatasync", "openat"
SIZE = "48m"  # of the small disk
FEW = 6  # refusals or answers that a fault lasts
LONGEST = 5.0  # seconds that it lasts, whatever it meets


def write(site: Site, rounds: int) -> Iterator[Round]:
    """Every n-th write on the database's files fails."""
    return _refused(site, rounds, WRITES)


def sync(site: Site, rounds: int) -> Iterator[Round]:
    """Every n-th fsync of the database's files fails."""
    return _refused(site, rounds, SYNCS)


def open_(site: Site, rounds: int) -> Iterator[Round]:
    """Every n-th opening of the database's files fails."""
    return _refused(site, rounds, OPENS)


def full(site: Site, rounds: int) -> Iterator[Round]:
    """The disk is full, a worker falls meanwhile, and then there is room again."""
    for _ in range(rounds):
        site.is_whole()
        with site.people() as people:
            people.wait_for(3)
            with _no_room(site):
                met = _until_it_bites(people)
                processes.kill(processes.workers(site)[:1])
                site.is_whole()
                served = len(people.seen.pages)
                met &= _until_it_bites(people)
                eventually(lambda: len(people.seen.pages) > served, "a page is served from a full disk")  # noqa: B023
            mended_at = time.time()
            people.wait_for(3)
        found = site.account(people, mended_at)
        found.met = met
        yield found


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own for a site, where mounting is permitted; else the folder as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={SIZE},mode=700", "faults"]
    is_mounted = subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False).returncode == 0
    try:
        yield folder
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _refused(site: Site, rounds: int, calls: str) -> Iterator[Round]:
    for number in range(rounds):
        site.is_whole()
        error = ("ENOSPC", "EIO")[number % 2]
        when = f"{random.randint(1, 4)}+{random.randint(1, 9)}"
        pids = [*processes.workers(site), *processes.consumers(site)]
        with site.people() as people:
            people.wait_for(2)
            with failing(pids, calls, error, _files(site), site.folder / "strace", when=when) as strace:
                if calls != OPENS:  # those of one thread are counted, and a slow disk makes few
                    eventually(lambda: strace.injected, f"a {calls} is made to fail")
                _until_it_bites(people, strace)
            mended_at = time.time()
            people.wait_for(3)
        found = site.account(people, mended_at)
        if calls != OPENS:  # who opens nothing reads on; a reader may have to open
            found.faults += [f"{found.failed} pages failed while {calls} did"] if found.failed else []
        yield found


def _until_it_bites(people: People, strace: Tracing | None = None) -> bool:
    """As long as the fault has not met enough people or calls, and not for ever; whether anybody was refused."""
    ends, refused = time.monotonic() + LONGEST, people.refused
    while time.monotonic() < ends and people.refused - refused < FEW and (strace is None or strace.injected < FEW):
        time.sleep(0.1)
    return people.refused > refused


def _files(site: Site) -> list[Path]:
    """Everything that the site writes: databases and their logs, and the log of the day."""
    found = [file for name in ("einzelfall", "limits", "jobs") for file in site.files(name)]
    return [*found, *(site.instance / "logs").glob("*.jsonl")]


@contextmanager
def _no_room(site: Site) -> Iterator[None]:
    """Fill the small disk to its last byte; without one, no file of these processes may grow."""
    if os.path.ismount(site.instance):
        with _filled(site.instance / "filler"):
            yield
    else:
        with _no_growth(site):
            yield


@contextmanager
def _filled(filler: Path) -> Iterator[None]:
    handle = os.open(filler, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while True:
                    os.write(handle, bytes(size))
        yield
    finally:
        os.close(handle)
        filler.unlink()


@contextmanager
def _no_growth(site: Site) -> Iterator[None]:
    """Limit the size of files to what the log of the database has now; a shorter one fills up soon."""
    size = site.files("einzelfall")[1].stat().st_size
    pids = [processes.granian(site), *processes.workers(site), *processes.consumers(site)]
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        most = before[pids[0]]
        for pid in [pids[0], *processes.workers(site), *processes.consumers(site)]:  # also those who came meanwhile
            resource.prlimit(pid, resource.RLIMIT_FSIZE, most)
