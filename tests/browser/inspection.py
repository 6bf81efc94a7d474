"""Pages seen at three widths and in both lights, with axe."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python

from tests.browser.reader import DESKTOP, PHONE, TABLET, Device, Reader

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RUN = """() => axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.replaceAll("\\n", " ")}`)))"""


class Inspection:
    """A walk on which each page is looked at."""

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
