"""One site for all questions about access: each is asked of it once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import close_app, create_app
from app.config import Settings
from tests.access.matrix import Asker, Line
from tests.access.world import World, make_world


@pytest.fixture(scope="package")
def world(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("access")
    instance, posts = folder / "instance", folder / "posts"
    instance.mkdir()
    posts.mkdir()
    (instance / "einzelfall.sqlite").write_bytes(empty_database.read_bytes())
    told = {"EINZELFALL_INSTANCE": str(instance), "EINZELFALL_POSTS": str(posts), "EINZELFALL_SECRET_KEY": "a secret"}
    app = create_app(Settings.load(told))
    app.testing = True
    yield make_world(app, posts)
    close_app(app)


@pytest.fixture(scope="package")
def asker(world: World) -> Asker:
    return Asker(world)


@pytest.fixture(scope="package")
def lines(asker: Asker) -> list[Line]:
    """Every route, asked by everybody about everything."""
    return list(asker.lines())
