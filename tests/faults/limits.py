"""The system gives the site no more memory, or no more files."""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from tests.faults import processes
from tests.faults.disk import FEW, LONGEST
from tests.faults.people import People
from tests.faults.site import Round, Site

MARGIN = 4 << 20  # bytes of address space that are left


def files(site: Site, rounds: int) -> Iterator[Round]:
    """Workers may open no file and accept no connection more than they have now."""
    return _limited(site, rounds, resource.RLIMIT_NOFILE, lambda pid: len(list(Path(f"/proc/{pid}/fd").iterdir())) + 1)


def memory(site: Site, rounds: int) -> Iterator[Round]:
    """Workers get no more memory than they have now; one may fall of it and is started again, without the limit."""
    return _limited(site, rounds, resource.RLIMIT_AS, lambda pid: _pages(pid) * resource.getpagesize() + MARGIN)


def _limited(site: Site, rounds: int, limit: int, most: Callable[[int], int]) -> Iterator[Round]:
    for _ in range(rounds):
        site.is_whole()
        workers = processes.workers(site)
        with site.people(writers=12) as people:
            people.wait_for(2)
            before = {pid: resource.prlimit(pid, limit) for pid in workers}
            for pid, (_, hard) in before.items():
                resource.prlimit(pid, limit, (most(pid), hard))
            _until_it_bites(people, workers)
            for pid, limits in before.items():
                with suppress(ProcessLookupError):
                    resource.prlimit(pid, limit, limits)
            mended_at = time.time()
            people.wait_for(3)
        yield site.account(people, mended_at)


def _until_it_bites(people: People, workers: list[int]) -> None:
    ends, refused = time.monotonic() + LONGEST, people.refused
    while time.monotonic() < ends and people.refused - refused < FEW and all(map(processes.is_running, workers)):
        time.sleep(0.05)


def _pages(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[0])
