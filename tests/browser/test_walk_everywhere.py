"""Every page, at every width, in every light: axe finds nothing, nothing leaks, nothing scrolls sideways."""

import pytest

from tests.browser.conftest import Seat
from tests.browser.inspection import Inspection
from tests.browser.reader import PHONE, TABLET, Device
from tests.browser.walk import desk, street
from tests.server import Server

KEPT = "() => localStorage.length + sessionStorage.length"
STREET, ROOMS = 24, 20  # pages at least


def test_the_street_is_accessible_and_leaves_readers_alone(demo_site: Server, seat: Seat) -> None:
    reader = seat(demo_site)
    seen = list(street_with_axe := Inspection(reader, street(reader)))
    assert not street_with_axe.complaints
    assert len(seen) >= STREET
    assert not reader.cookies
    assert reader.page.evaluate(KEPT) == 0


def test_the_desk_is_accessible_and_stays_in_its_origin(demo_site: Server, seat: Seat) -> None:
    reader = seat(demo_site)
    seen = list(desk_with_axe := Inspection(reader, desk(reader, demo_site)))
    assert not desk_with_axe.complaints
    assert len(seen) >= ROOMS
    assert reader.cookies == ["desk"]


@pytest.mark.parametrize(("device", "script"), [(PHONE, False), (TABLET, True)], ids=["no script", "script"])
def test_the_street_in_english_leaves_readers_alone(
    demo_site: Server, seat: Seat, device: Device, script: bool
) -> None:
    reader = seat(demo_site, device, lang="en", script=script)
    for _ in street(reader):
        reader.look()
        assert reader.page.locator("html").get_attribute("lang") == "en"
    assert not reader.cookies
