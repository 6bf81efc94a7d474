"""The disk refuses or is full, the power is cut: what was acknowledged is there, pages are served, writing
comes back."""

import pytest

from tests.faults import disk, power
from tests.faults.catalogue import happen
from tests.faults.site import Site

pytestmark = pytest.mark.sqlite("its files are on the site's own disk; a PostgreSQL has a disk of its own")
ROUNDS = 8  # `make faults` has hundreds
FILLINGS = 3  # a worker is started anew in each; `make faults` has a hundred


def test_nothing_is_lost_while_every_so_many_th_write_fails(site: Site) -> None:
    assert happen(disk.write, site, ROUNDS) == []


def test_nothing_is_lost_while_every_so_many_th_sync_fails(site: Site) -> None:
    assert happen(disk.sync, site, ROUNDS) == []


def test_nothing_is_lost_while_every_so_many_th_file_cannot_be_opened(site: Site) -> None:
    assert happen(disk.open_, site, ROUNDS) == []


def test_a_full_disk_serves_pages_and_takes_reports_again_when_there_is_room(site: Site) -> None:
    assert happen(disk.full, site, FILLINGS) == []


def test_whatever_was_acknowledged_is_on_the_disk_when_the_power_is_cut(site: Site) -> None:
    assert happen(power.cut, site, ROUNDS) == []
