"""Pages seen at three widths and in both lights, with axe.

On a desktop in the light axe looks at the whole page with all rules but those of colours; on a phone, where other
things are shown, at one of everything that is built alike.

To find colours out is most of what axe does. They are looked at on both devices in both lights, each time at whatever
has not been seen in this light in the same colours and sizes, in something that has the same, all the way up: the
fiftieth comment is read on the same ground as the first, every page has the same foot, and much is the same on a phone.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import axe_playwright_python

from tests.browser.reader import DESKTOP, PHONE, TABLET, Device, Reader, Scheme

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RUN = """async ([context, options]) => (await axe.run(context, { resultTypes: ["violations"], ...options })).violations
  .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${target.join(" ")}: ${failureSummary.replaceAll("\\n", " ")}`))"""
Options = dict[str, Any]  # Any: what axe takes
COLOURS = ("color-contrast", "link-in-text-block")
ALL_BUT_COLOURS: Options = {"rules": {rule: {"enabled": False} for rule in COLOURS}}
ONLY_COLOURS: Options = {"runOnly": COLOURS}
WHOLE: Options = {"include": [["html"]]}
ONE_OF_EACH: Options = {"exclude": [["[data-alike]"]]}
IN_NEW_COLOURS: Options = {"include": [["[data-new]"]], "exclude": [["[data-known]"]]}
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
# marks what has colours, in something that has colours, that are not among those seen, and what in it is known
MARK_NEW_COLOURS = """seen => {
  const known = new Set(seen.split(" ")), found = [], marked = [];
  const STYLES = ["display", "visibility", "color", "backgroundColor", "backgroundImage", "opacity", "fontSize",
    "fontWeight", "textDecorationLine", "textShadow", "boxShadow", "filter", "mixBlendMode", "position", "clipPath"];
  const mixed = words => {
    let [a, b] = [0xdeadbeef, 0x41c6ce57];
    for (let n = 0; n < words.length; n++) {
      a = Math.imul(a ^ words.charCodeAt(n), 2654435761);
      b = Math.imul(b ^ words.charCodeAt(n), 1597334677);
    }
    return (a >>> 0).toString(36) + (b >>> 0).toString(36);
  };
  const walk = (element, around, isInNew) => {
    const style = getComputedStyle(element);
    const key = mixed([around, element.tagName, element.getAttributeNames().sort(), ...["class", "role", "type"].map(
      name => element.getAttribute(name)), ...STYLES.map(name => style[name])].join("|"));
    const isNew = !known.has(key);
    if (isNew !== isInNew) marked.push([element, isNew ? "data-new" : "data-known"]);
    if (isNew) {
      known.add(key);
      found.push(key);
    }
    if (style.display !== "none") [...element.children].forEach(child => walk(child, key, isNew));
  };
  walk(document.documentElement, "", false);
  marked.forEach(([element, name]) => element.setAttribute(name, ""));
  return found;
}"""
FORGET = """name => document.querySelectorAll(`[${name}]`).forEach(element => element.removeAttribute(name))"""


class Inspection:
    """A walk on which each page is looked at."""

    def __init__(self, reader: Reader, walk: Iterator[str]) -> None:
        self._reader, self._walk = reader, walk
        self.complaints: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for name in self._walk:
            self.complaints += complaints(self._reader, name)
            yield name


def complaints(reader: Reader, name: str) -> list[str]:
    """What axe has to say of the page that is open."""
    eyes = _Eyes(reader, name)
    eyes.turn(DESKTOP, "light")
    eyes.look(WHOLE, ALL_BUT_COLOURS)
    eyes.look_at_colours()
    eyes.turn(DESKTOP, "dark")
    eyes.look_at_colours()
    eyes.turn(PHONE, "dark")
    reader.page.evaluate(MARK_ALIKE)
    eyes.look(ONE_OF_EACH, ALL_BUT_COLOURS)
    reader.page.evaluate(FORGET, "data-alike")
    eyes.look_at_colours()
    eyes.turn(PHONE, "light")
    eyes.look_at_colours()
    return eyes.complaints


class _Eyes:
    """axe, on one page."""

    seen: ClassVar[dict[Scheme, set[str]]] = defaultdict(set)  # colours, in this run

    def __init__(self, reader: Reader, name: str) -> None:
        self._reader, self._name = reader, name
        self.complaints: list[str] = []
        reader.page.evaluate(AXE)  # by the debugger, so that the page keeps its Content-Security-Policy
        self.turn(TABLET, "light")

    def turn(self, device: Device, scheme: Scheme) -> None:
        self._device, self._scheme = device, scheme
        self._reader.turn(device, scheme)

    def look(self, at: Options, rules: Options) -> None:
        found = self._reader.page.evaluate(RUN, [at, rules])
        self.complaints += [f"{self._name}, {self._device.name}, {self._scheme}: {violation}" for violation in found]

    def look_at_colours(self) -> None:
        """What has not been seen so."""
        page, seen = self._reader.page, self.seen[self._scheme]
        if new := page.evaluate(MARK_NEW_COLOURS, " ".join(seen)):
            before = len(self.complaints)
            self.look(IN_NEW_COLOURS, ONLY_COLOURS)
            if len(self.complaints) == before:
                seen.update(new)
        page.evaluate(FORGET, "data-new")
        page.evaluate(FORGET, "data-known")
