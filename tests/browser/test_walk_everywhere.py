"""Every page, at every width, in every light: axe finds nothing, nothing leaks, nothing scrolls sideways."""

from tests.browser.conftest import Seat
from tests.browser.inspection import Inspection
from tests.browser.reader import PHONE
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


def test_the_street_in_english_and_without_script_leaves_readers_alone(demo_site: Server, seat: Seat) -> None:
    reader = seat(demo_site, PHONE, lang="en", script=False)
    for _ in street(reader):
        reader.look()
        assert reader.page.locator("html").get_attribute("lang") == "en"
    assert not reader.cookies
