"""Pages seen at three widths and in both lights, with axe.

On a desktop in the light axe looks at the whole page with all of its rules. On a phone, and for the colours in the
other light, one of everything that is built alike is enough: the fiftieth comment has the colours of the first, and to
find colours out costs most of the time.
"""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python

from tests.browser.reader import DESKTOP, PHONE, TABLET, Device, Reader, Scheme

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RUN = """options => axe.run({ exclude: [["[data-alike]"]] }, { resultTypes: ["violations"], ...options }).then(
  ({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${target.join(" ")}: ${failureSummary.replaceAll("\\n", " ")}`)))"""
ALL_RULES: dict[str, list[str]] = {}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
# marks what has the same tags, classes and roles, in and around it, as something that stands before it
MARK_ALIKE = """() => {
  const own = element => [element.tagName, ...element.getAttributeNames().sort(),
    ...["class", "role", "type"].map(name => element.getAttribute(name))].join(" ");
  const built = element => `${own(element)}(${[...element.children].map(built)})`;
  const seen = new Set();
  const walk = (element, around) => [...element.children].forEach(child => {
    const key = `${around} > ${built(child)}`;
    if (seen.has(key)) child.setAttribute("data-alike", "");
    else walk(child, `${around} > ${own(child)}`);
    seen.add(key);
  });
  walk(document.body, "");
}"""
FORGET_ALIKE = """() => document.querySelectorAll("[data-alike]").forEach(
  element => element.removeAttribute("data-alike"))"""


class Inspection:
    """A walk on which each page is looked at."""

    def __init__(self, reader: Reader, walk: Iterator[str]) -> None:
        self._reader, self._walk = reader, walk
        self.complaints: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for name in self._walk:
            self._reader.page.evaluate(AXE)  # by the debugger, so that the page keeps its Content-Security-Policy
            self._reader.turn(TABLET, "light")
            self._look_with_axe(name, DESKTOP, "light", ALL_RULES)
            self._reader.page.evaluate(MARK_ALIKE)
            self._look_with_axe(name, DESKTOP, "dark", COLOURS)
            self._look_with_axe(name, PHONE, "dark", ALL_RULES)
            self._look_with_axe(name, PHONE, "light", COLOURS)
            self._reader.page.evaluate(FORGET_ALIKE)
            yield name

    def _look_with_axe(self, name: str, device: Device, scheme: Scheme, rules: dict[str, list[str]]) -> None:
        self._reader.turn(device, scheme)
        found = self._reader.page.evaluate(RUN, rules)
        self.complaints += [f"{name}, {device.name}, {scheme}: {violation}" for violation in found]
