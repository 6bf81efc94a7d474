"""Services outside are paused, gone, slow or lying, the clock jumps: pages are read, what people wrote is there once,
nothing is published unseen, letters leave later."""

from collections.abc import Iterator

import pytest

from tests.faults import clocks, databases, services
from tests.faults.catalogue import happen
from tests.faults.clocks import Shifted
from tests.faults.grown import Grown

ROUNDS = 2  # each lasts longer than anybody waits; `make faults` has a hundred
ONCE = 1
STORES = 3  # gone, paused, full
WAYS = 3  # of ten to be a bad Akismet, of seven to be no mail server


class Everything(Shifted, Grown):
    """All services, and a clock that can be set: one start for all."""


@pytest.fixture(scope="module")
def one_grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    with Everything(tmp_path_factory.mktemp("grown")) as site:
        yield site


@pytest.fixture
def grown(one_grown: Everything) -> Iterator[Everything]:
    """A site with all services; afterwards its books are closed."""
    yield one_grown
    assert one_grown.close_books() == []


def test_pages_are_read_and_nothing_is_lost_while_postgresql_is_paused(grown: Everything) -> None:
    assert happen(databases.paused, grown, ONCE) == []


def test_pages_are_read_and_nothing_is_lost_while_postgresql_is_gone(grown: Everything) -> None:
    assert happen(databases.gone, grown, ROUNDS) == []


def test_nothing_is_lost_when_postgresql_is_started_again(grown: Everything) -> None:
    assert happen(databases.restarted, grown, ROUNDS) == []


def test_comments_wait_while_akismet_is_slow_dead_or_lying_and_are_judged_later(grown: Everything) -> None:
    assert happen(services.akismet, grown, WAYS) == []


def test_letters_wait_while_there_is_no_mail_server_and_leave_once_later(grown: Everything) -> None:
    assert happen(services.mail, grown, WAYS) == []


def test_nobody_notices_that_redis_is_gone_paused_or_full(grown: Everything) -> None:
    assert happen(services.store, grown, STORES) == []


def test_nobody_notices_that_the_clock_jumps(grown: Everything) -> None:
    assert happen(clocks.jump, grown, len(clocks.JUMPS)) == []
