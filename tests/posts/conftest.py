from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.posts.shelf import Shelf

MakeShelf = Callable[[], Shelf]
OFTEN = 0.05  # seconds between two looks at the folders, so that tests wait less


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The posts that ship with the site."""
    path = tmp_path / "posts"
    path.mkdir(exist_ok=True)
    return path


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """The posts of the instance; not there before the first one is written."""
    return tmp_path / "instance" / "posts"


@pytest.fixture
def make_shelf(folder: Path, own_folder: Path, tmp_path: Path) -> Iterator[MakeShelf]:
    """A shelf as a worker has it after a start; each call is one worker more."""
    made: list[Shelf] = []

    def make() -> Shelf:
        made.append(Shelf((folder, own_folder), tmp_path / "instance" / "last-good", every=OFTEN))
        return made[-1]

    yield make
    for shelf in made:
        shelf.close()


@pytest.fixture
def shelf(make_shelf: MakeShelf) -> Shelf:
    return make_shelf()
