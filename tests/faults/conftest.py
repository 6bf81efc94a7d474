"""A site for the faults of one file: a start takes seconds, so who leaves it running leaves it to the next one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.disk import small_disk
from tests.faults.site import Site


@pytest.fixture(scope="module")
def one_site(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("faults")
    with small_disk(folder / "instance"):
        site = Site(folder)
        site.begin(empty_database, anew=True)
        yield site
        site.__exit__()


@pytest.fixture
def site(one_site: Site) -> Iterator[Site]:
    """The site, running; afterwards its books are closed."""
    if not one_site.is_running:
        one_site.begin()
    yield one_site
    assert one_site.close_books() == []
