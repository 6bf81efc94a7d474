"""Processes are killed: what was acknowledged is stored once, the site comes back by itself, nothing is left behind."""

import os
import signal

from tests.faults import kills, processes
from tests.faults.catalogue import happen
from tests.faults.site import Site
from tests.server import eventually

ROUNDS = 8  # `make faults` has hundreds
STARTS = 3  # whole starts take seconds each; `make faults` has five hundred


def test_whatever_was_acknowledged_is_stored_once_though_workers_are_killed(site: Site) -> None:
    assert happen(kills.worker, site, ROUNDS) == []


def test_whatever_was_acknowledged_is_stored_once_though_the_whole_site_is_killed(site: Site) -> None:
    assert happen(kills.server, site, STARTS) == []


def test_a_second_server_on_the_same_instance_is_refused(site: Site) -> None:
    second = site.flask("serve")
    assert second.returncode == 1
    assert f"a server is already running on {site.instance}" in second.stderr
    assert site.is_ready()


def test_a_killed_consumer_is_started_again_and_stays_the_only_one(site: Site) -> None:
    site.is_whole()
    first = processes.consumers(site)
    processes.kill(first)
    [second] = eventually(lambda: processes.consumers(site), "another one runs")
    site.invite("mo@einzelfall.example", "moderator")
    eventually(lambda: list((site.instance / "outbox").glob("*")), "the new consumer sends a letter")
    assert processes.consumers(site) == [second]


def test_who_knocks_while_the_server_is_killed_waits_and_is_let_in(site: Site) -> None:
    site.is_whole()
    before = [processes.granian(site), *processes.workers(site)]
    with site.people() as people:
        people.wait_for(2)
        killed_at = processes.kill(before[:1])
        people.wait_for(5)
    processes.await_end(before)
    assert "ConnectionRefusedError" not in people.statuses
    assert site.account(people, killed_at).faults == []


def test_nothing_lives_on_when_the_supervisor_itself_is_killed(site: Site) -> None:
    site.is_whole()
    left = processes.everything(site)[1:]
    assert len(left) >= 4
    os.kill(site.pid, signal.SIGKILL)
    processes.await_end(left)


def test_no_worker_lives_on_when_all_above_it_are_killed(site: Site) -> None:
    site.is_whole()
    left = processes.workers(site)
    processes.kill([site.pid, processes.granian(site), *processes.consumers(site)])
    processes.await_end(left)
