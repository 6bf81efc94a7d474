"""The database is held by somebody else, or is not there: pages go on, what cannot be stored is kept by its writer."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults import processes
from tests.faults.disk import FEW
from tests.faults.grown import Grown
from tests.faults.people import PAGES, People, comment, report, request
from tests.faults.site import Round, Site
from tests.server import eventually

MOMENT = 1.0  # seconds of a lock that nobody notices
HOLDING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


def locked(site: Site, rounds: int) -> Iterator[Round]:
    """Another process holds SQLite's lock: longer than anybody waits, and for a moment, in turn."""
    for number in range(rounds):
        site.is_whole()
        with site.people() as people:
            people.wait_for(3)
            with _held(site.database):
                if number % 2:
                    time.sleep(MOMENT)
                else:
                    _away(people)
            mended_at = time.time()
            people.wait_for(3)
        yield _read_on(site, people, mended_at)


def paused(site: Grown, rounds: int) -> Iterator[Round]:
    """PostgreSQL is alive and says nothing."""
    return _without(site, rounds, site.cluster.pause, site.cluster.resume)


def gone(site: Grown, rounds: int) -> Iterator[Round]:
    """PostgreSQL is not there, and then it is again."""
    return _without(site, rounds, site.cluster.halt, site.cluster.come_back)


def restarted(site: Grown, rounds: int) -> Iterator[Round]:
    """PostgreSQL is started again in the middle of everything."""
    for _ in range(rounds):
        site.is_whole()
        with site.people() as people:
            people.wait_for(3)
            site.cluster.halt()
            site.cluster.come_back()
            mended_at = time.time()
            people.wait_for(3)
        yield site.account(people, mended_at)


def _without(site: Grown, rounds: int, go: Callable[[], None], come_back: Callable[[], None]) -> Iterator[Round]:
    """Reporters are in the middle of it; whoever comments comes later: a comment just published ends its page."""
    for _ in range(rounds):
        site.is_whole()
        _warm(site)
        with site.people(kinds=[report]) as people:
            people.wait_for(3)
            go()
            try:
                people.are_joined_by(2, [comment])
                _away(people)
            finally:
                come_back()
            mended_at = time.time()
            people.wait_for(3)
        yield _read_on(site, people, mended_at)


def _away(people: People) -> None:
    """Wait until enough were turned away, and read all the same."""
    turned_away, read = people.statuses["503"], len(people.seen.pages)
    eventually(lambda: people.statuses["503"] - turned_away >= FEW, "people are told to come again")
    eventually(lambda: len(people.seen.pages) - read >= FEW, "pages are read without the database")


def _read_on(site: Site, people: People, mended_at: float) -> Round:
    found = site.account(people, mended_at)
    found.faults += [f"{found.failed} pages failed"] if found.failed else []
    return found


def _warm(site: Site) -> None:
    """Have each worker keep the pages that are read, while the others stand still."""
    workers = processes.workers(site)
    for worker in workers:
        others = [pid for pid in workers if pid != worker]
        processes.tell(others, signal.SIGSTOP)
        processes.await_stop(others)
        try:
            assert {request(site.port, path).status for path in PAGES * 2} == {200}
        finally:
            processes.tell(others, signal.SIGCONT)


@contextmanager
def _held(database: Path) -> Iterator[None]:
    """The lock of a database, held by a process that is none of the site's."""
    command = [sys.executable, "-c", HOLDING, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        yield
        other.communicate()
