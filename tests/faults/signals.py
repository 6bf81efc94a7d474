"""The site is asked to end, or to read its settings anew, while people write."""

import os
import random
import signal
import time
from collections.abc import Iterator

from tests.faults import processes
from tests.faults.people import People
from tests.faults.site import Round, Site
from tests.server import eventually


def term(site: Site, rounds: int) -> Iterator[Round]:
    """SIGTERM under load: what was begun is stored and answered, the rest is turned away and comes again."""
    for _ in range(rounds):
        with site.people() as people:
            people.wait_for(random.randint(4, 12))
            told_at = time.time()
            everything = processes.everything(site)
            code = site.stop()
            faults = [] if code == 0 else [f"asked to end, it ended with {code}"]
            faults += ["a process lives on" for pid in everything if processes.is_running(pid)]
            faults += _unanswered(site, people)
            site.start()
            people.wait_for(3)
        found = site.account(people, told_at)
        found.faults += faults
        yield found


def hup(site: Site, rounds: int) -> Iterator[Round]:
    """SIGHUP under load: workers and consumer are made anew, one after another, and nobody is turned away."""
    for _ in range(rounds):
        site.is_whole()
        old = [*processes.workers(site), *processes.consumers(site)]
        with site.people() as people:
            people.wait_for(4)
            os.kill(site.pid, signal.SIGHUP)
            told_at = time.time()
            people.calm_down()  # each new worker has seconds to load; readers go on as fast
            processes.await_end(old)
            site.is_whole()
            people.wait_for(3)
        found = site.account(people, told_at)
        found.faults += [f"{count} × {what}" for what, count in people.statuses.items() if what not in {"303", "503"}]
        found.faults += [f"{found.failed} pages failed"] if found.failed else []
        yield found


def _unanswered(site: Site, people: People) -> list[str]:
    """What the site has stored and told nobody; who was told may need a moment to note it."""
    known = list(site.books)
    try:
        eventually(lambda: site.strangers([*known, *people.told]) == 0, "all that is stored was told", within=10)
    except AssertionError:
        return [f"{site.strangers([*known, *people.told])} were stored and not answered"]
    return []
