"""The system gives no more, somebody holds the database, too many come or dawdle, a process falls between a deed and
its mark: nothing is lost, nothing is done a third time."""

from functools import partial

import pytest

from tests.faults import crowds, databases, deeds, limits, processes
from tests.faults.catalogue import happen
from tests.faults.site import WORKERS, Site

WRITERS, READERS = 200, 1000  # `make faults` has a thousand and five thousand
AT_A_SYNC = pytest.mark.sqlite("the process falls at a sync of its file, which a PostgreSQL does for all")
LOCKS = 2  # one longer than anybody waits, one for a moment
HALF = 0.5  # of the consumer's it is less than a third; where each reads for itself, most
ROUNDS = 3  # each waits until a limit bites, or for a new process; `make faults` has a hundred


def test_most_of_the_memory_is_shared_by_all_who_work_for_a_site_that_was_just_begun(site: Site) -> None:
    site.is_whole()
    shares = {pid: processes.of_its_own(pid) for pid in processes.everything(site)[1:]}
    assert len(shares) == len(["server", "jobs"]) + WORKERS
    assert max(shares.values()) < HALF, {processes.name(pid): share for pid, share in shares.items()}


def test_nothing_is_lost_while_there_is_no_more_memory(site: Site) -> None:
    assert happen(limits.memory, site, ROUNDS) == []


def test_nothing_is_lost_while_no_more_files_may_be_open(site: Site) -> None:
    assert happen(limits.files, site, ROUNDS) == []


@AT_A_SYNC
def test_a_letter_that_left_before_that_was_stored_comes_as_one_message(site: Site) -> None:
    assert happen(deeds.letter, site, ROUNDS) == []


@AT_A_SYNC
def test_a_comment_that_was_judged_before_that_was_stored_is_judged_again(site: Site) -> None:
    assert happen(deeds.verdict, site, ROUNDS) == []


@pytest.mark.sqlite("its lock is for everything; tests/surge/test_serve_through_surge.py holds either database")
def test_pages_are_read_and_nothing_is_lost_while_another_process_holds_the_database(site: Site) -> None:
    assert happen(databases.locked, site, LOCKS) == []


def test_everything_is_stored_once_though_all_come_at_once(site: Site) -> None:
    assert happen(partial(crowds.rush, writers=WRITERS, readers=READERS), site, 1) == []


def test_pages_are_read_beside_clients_that_dawdle(site: Site) -> None:
    assert happen(crowds.slow, site, len(crowds.WAYS)) == []
