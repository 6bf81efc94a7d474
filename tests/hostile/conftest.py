"""One site for all that is thrown at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.target import Target, make_target


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Target]:
    made = make_target(tmp_path_factory.mktemp("hostile"), empty_database)
    yield made
    made.leave()
