"""One site for all questions about access: each is asked of it once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.matrix import Asker, Line
from tests.access.world import World, make_world
from tests.own_app import own_app


@pytest.fixture(scope="package")
def world(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with own_app(tmp_path_factory.mktemp("access"), empty_database) as app:
        yield make_world(app, app.extensions["settings"].posts)


@pytest.fixture(scope="package")
def asker(world: World) -> Asker:
    return Asker(world)


@pytest.fixture(scope="package")
def lines(asker: Asker) -> list[Line]:
    """Every route, asked by everybody about everything."""
    return list(asker.lines())
