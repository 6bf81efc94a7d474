"""Every page, at every width, in every light: axe finds nothing, nothing leaks, nothing scrolls sideways."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.conftest import Seat
from tests.browser.reader import DESKTOP, PHONE, TABLET, Device, Reader
from tests.browser.walk import desk, street
from tests.server import Server

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RUN = """() => axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.replaceAll("\\n", " ")}`)))"""
KEPT = "() => localStorage.length + sessionStorage.length"
STREET, ROOMS = 23, 20  # pages at least


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


class Inspection:
    """A walk on which each page is seen at three widths and in both lights."""

    def __init__(self, reader: Reader, walk: Iterator[str]) -> None:
        self._reader, self._walk = reader, walk
        self.complaints: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for name in self._walk:
            self._reader.page.evaluate(AXE)  # by the debugger, so that the page keeps its Content-Security-Policy
            self._reader.turn(TABLET, "light")
            for device in (PHONE, DESKTOP):
                self._look_with_axe(name, device)
            yield name

    def _look_with_axe(self, name: str, device: Device) -> None:
        for scheme in ("dark", "light"):
            self._reader.turn(device, scheme)
            found = self._reader.page.evaluate(RUN)
            self.complaints += [f"{name}, {device.name}, {scheme}: {violation}" for violation in found]
