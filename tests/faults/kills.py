"""Processes are killed in the middle of what they do."""

import random
import signal
import time
from collections.abc import Callable, Iterator

from tests.faults import processes
from tests.faults.site import Round, Site
from tests.server import eventually


def worker(site: Site, rounds: int) -> Iterator[Round]:
    """kill -9 of a worker in mid-POST; the other one goes on."""
    for _ in range(rounds):
        site.is_whole()
        with site.people() as people:
            _wait_a_little(people.wait_for)
            victim = random.choice(processes.workers(site))
            killed_at = time.time()
            processes.tell([victim], signal.SIGKILL)
            _await_end(victim)
            site.is_whole()
            back_at = time.time()
            people.wait_for(3)
        found = site.account(people, killed_at)
        found.seconds = max(found.seconds, back_at - killed_at)
        yield found


def server(site: Site, rounds: int) -> Iterator[Round]:
    """kill -9 of everything at once in mid-POST: supervisor, server, workers, consumer; then it is started again."""
    for _ in range(rounds):
        with site.people() as people:
            _wait_a_little(people.wait_for)
            victims, killed_at = processes.everything(site), time.time()
            processes.tell(victims, signal.SIGKILL)
            _await_end(*victims[1:])
            site.start()
            people.wait_for(3)
        yield site.account(people, killed_at)


def _await_end(*pids: int) -> None:
    eventually(lambda: not any(processes.is_running(pid) for pid in pids), "they are gone")


def _wait_a_little(wait_for: Callable[[int], None]) -> None:
    """Until a few were told, and then for a moment that hits any point of a request."""
    wait_for(random.randint(2, 8))
    time.sleep(random.uniform(0, 0.03))
