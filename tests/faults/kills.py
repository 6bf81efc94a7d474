"""Processes are killed in the middle of what they do."""

import random
import time
from collections.abc import Iterator

from tests.faults import processes
from tests.faults.people import People
from tests.faults.site import Round, Site


def worker(site: Site, rounds: int) -> Iterator[Round]:
    """kill -9 of a worker in mid-POST; the other one goes on."""
    for _ in range(rounds):
        with site.people() as people:
            _in_the_middle(people)
            killed_at = processes.kill([random.choice(processes.workers(site))])
            people.calm_down()
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
            _in_the_middle(people)
            killed_at = processes.kill(processes.everything(site))
            site.stop()  # there is nobody to ask any more; only its end is noted
            site.start()
            people.wait_for(3)
        yield site.account(people, killed_at)


def _in_the_middle(people: People) -> None:
    """Until a few were told, and then for a moment that ends at any point of a request."""
    people.wait_for(random.randint(2, 8))
    time.sleep(random.uniform(0, 0.03))
