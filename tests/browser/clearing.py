"""A moderator without a mouse: the queue and the spam folder of the demo, and what each decision cost."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import expect

from tests.browser.reader import Reader
from tests.server import Server

FOCUS = "document.activeElement?.closest('[data-row]')?.id"
WATCH = """
globalThis.presses = [];
addEventListener("keydown", () => presses.push({ at: performance.now() }), true);
addEventListener("focusin", ({ target }) => {
  const press = presses.at(-1);
  if (press && target.matches?.("[data-row]")) press.next ??= performance.now() - press.at;
}, true);
new MutationObserver((changes) => {
  const press = presses.at(-1);
  const left = changes.flatMap(({ removedNodes }) => [...removedNodes]);
  if (press && left.some((node) => node.matches?.("[data-row]"))) press.gone ??= performance.now() - press.at;
}).observe(document, { childList: true, subtree: true });
"""  # the page's own clock: what it takes us to ask is not counted


@dataclass(frozen=True)
class Cleared:
    """What clearing something took."""

    what: str
    comments: int
    keys: int
    seconds: float
    to_next: list[float]  # milliseconds from a key until the next comment has the focus
    to_gone: list[float]  # until the decision is on disk and the comment is gone from the list

    def __str__(self) -> str:
        said = f"{self.what}: {self.comments} comments, {self.keys} keys, {self.seconds:.1f} s"
        if self.to_next:
            worst, middle = max(self.to_next), median(self.to_next)
            said += f"; next has the focus after {middle:.0f} ms (worst {worst:.0f}),"
            said += f" decided after {median(self.to_gone):.0f} ms (worst {max(self.to_gone):.0f})"
        return said


def clear_queue(mo: Reader, letters: str) -> Cleared:
    """Decide on everything that waits, by these keys in turn."""
    mo.page.add_init_script(WATCH)
    page, began = mo.open("/desk/comments"), time.perf_counter()
    count = page.locator("[data-row]").count()
    mo.press("j")
    for number in range(count):
        row = page.evaluate(FOCUS)
        mo.press(letters[number % len(letters)])
        expect(page.locator(f"#{row}")).to_have_count(0)
    took = time.perf_counter() - began
    presses = page.evaluate("presses")[1:]
    to_next = [one["next"] for one in presses if "next" in one]
    return Cleared("queue", count, count + 1, took, to_next, [one["gone"] for one in presses])


def clear_spam(mo: Reader, site: Server) -> Cleared:
    """The whole folder: its page, the count, the number typed, done."""
    began = time.perf_counter()
    page = mo.open("/desk/comments?state=spam")
    count = open_spam(site)
    keys = press_tab(mo, lambda: page.locator(".together > a").first.evaluate("one => one === document.activeElement"))
    mo.press("Enter")
    expect(page.locator("#bulk-typed")).to_be_focused()
    mo.type(str(count))
    mo.press("Enter")
    expect(page.locator("main")).to_contain_text("sind jetzt Spam")
    return Cleared("spam folder", count, keys + len(str(count)) + 2, time.perf_counter() - began, [], [])


def undo(mo: Reader, site: Server) -> Cleared:
    """Take back what the page offers, by its key."""
    mo.page.wait_for_load_state()  # what hears the key comes after the words
    began = time.perf_counter()
    mo.press("u")
    expect(mo.page.locator("main")).to_contain_text("wieder, wo sie waren", timeout=20_000)
    return Cleared("undo", open_spam(site), 1, time.perf_counter() - began, [], [])


def press_tab(mo: Reader, is_there: Callable[[], bool]) -> int:
    for pressed in range(1, 80):
        mo.press("Tab")
        if is_there():
            return pressed
    raise AssertionError("no way there by the keyboard")


def open_spam(site: Server) -> int:
    return int(site.rows("SELECT count(*) FROM comment WHERE state = 'spam' AND NOT is_decided")[0][0])
