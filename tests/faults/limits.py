"""The system gives the site no more memory, or no more files."""

import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

from app.site.server import THREADS
from tests.faults import processes
from tests.faults.disk import FEW, LONGEST
from tests.faults.people import People, request
from tests.faults.site import Round, Site
from tests.server import eventually

MARGIN = 0  # bytes of address space that are left
OTHERS = 6  # threads of a loaded worker besides those that answer


def files(site: Site, rounds: int) -> Iterator[Round]:
    """Workers may open no file and accept no connection more than they have now, but one.

    One of them has just begun: whoever comes to it needs a connection to the database, too.
    """
    for _ in range(rounds):
        processes.kill(processes.workers(site)[:1])
        yield from _limited(site, 1, resource.RLIMIT_NOFILE, _files)


def memory(site: Site, rounds: int) -> Iterator[Round]:
    """Workers get no more memory than they have now; one may fall of it and is started again, without the limit.

    What they have freed they use again, so pages are asked for that have to be made and packed. They have been busy
    before: granian begins threads as it needs them, and where it cannot it says a bare 500.
    """
    for _ in range(rounds):
        eventually(lambda: _crowd(site), "all threads of all workers have begun")
        yield from _limited(site, 1, resource.RLIMIT_AS, _memory, meanwhile=lambda: _ask_for_packed(site))


def _crowd(site: Site) -> bool:
    """More people at once than there are threads, as far as that is needed; whether all have begun."""
    site.is_whole()
    with ThreadPoolExecutor(4 * THREADS) as crowd:
        list(crowd.map(lambda number: request(site.port, f"/reports/new?n={number}"), range(8 * THREADS)))
    return all(len(processes.threads(pid)) >= THREADS + OTHERS for pid in processes.workers(site))


def _ask_for_packed(site: Site) -> None:
    """At once by more than there are threads; nobody has asked for as much before."""

    def ask(number: int) -> None:
        with suppress(HTTPException, OSError):  # the worker may fall
            request(site.port, f"/?n={time.monotonic_ns()}-{number}", headers={"Accept-Encoding": "br"})

    with ThreadPoolExecutor(4 * THREADS) as crowd:
        list(crowd.map(ask, range(4 * THREADS)))


def _files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir())) + 1


def _memory(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[0])
    return pages * resource.getpagesize() + MARGIN


def _limited(
    site: Site, rounds: int, limit: int, most: Callable[[int], int], meanwhile: Callable[[], None] = lambda: None
) -> Iterator[Round]:
    for _ in range(rounds):
        site.is_whole()
        workers = processes.workers(site)
        before = {pid: resource.prlimit(pid, limit) for pid in workers}
        for pid, (_, hard) in before.items():
            resource.prlimit(pid, limit, (most(pid), hard))
        with site.people(writers=12) as people:
            met = _until_it_bites(people, workers, meanwhile)
            for pid, limits in before.items():
                with suppress(ProcessLookupError):
                    resource.prlimit(pid, limit, limits)
            mended_at = time.time()
            people.wait_for(3)
        found = site.account(people, mended_at)
        found.met = met
        yield found


def _until_it_bites(people: People, workers: list[int], meanwhile: Callable[[], None]) -> bool:
    """As long as the limit has met nobody, and not for ever; whether it has.

    All that come at once meet it soon or never: after a moment they take their time.
    """
    ends, refused = time.monotonic() + LONGEST, people.refused
    while time.monotonic() < ends and people.refused - refused < FEW and all(map(processes.is_running, workers)):
        meanwhile()
        if time.monotonic() > ends - LONGEST / 2:
            people.calm_down()
        time.sleep(0.05)
    return people.refused > refused or not all(map(processes.is_running, workers))
