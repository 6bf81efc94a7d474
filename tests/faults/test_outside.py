"""PostgreSQL is paused, gone or started again: pages are read, and what people wrote is there once afterwards."""

from collections.abc import Iterator

import pytest

from tests.faults import databases
from tests.faults.catalogue import happen
from tests.faults.grown import Grown

ROUNDS = 2  # each lasts longer than anybody waits; `make faults` has a hundred
ONCE = 1


@pytest.fixture(scope="module")
def one_grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    with Grown(tmp_path_factory.mktemp("grown")) as site:
        yield site


@pytest.fixture
def grown(one_grown: Grown) -> Iterator[Grown]:
    """A site on PostgreSQL; afterwards its books are closed."""
    yield one_grown
    assert one_grown.close_books() == []


def test_pages_are_read_and_nothing_is_lost_while_postgresql_is_paused(grown: Grown) -> None:
    assert happen(databases.paused, grown, ONCE) == []


def test_pages_are_read_and_nothing_is_lost_while_postgresql_is_gone(grown: Grown) -> None:
    assert happen(databases.gone, grown, ROUNDS) == []


def test_nothing_is_lost_when_postgresql_is_started_again(grown: Grown) -> None:
    assert happen(databases.restarted, grown, ROUNDS) == []
