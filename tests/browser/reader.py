"""A person at a real browser who notices what readers must never meet.

Whatever a test does, each page it opens is held against the house's rules: no request leaves the origin, the console
stays silent, nothing scrolls sideways. `close` says what was found.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

PATIENCE = 60_000  # milliseconds until something that must happen is given up
SHOTS = Path(__file__).parent / "shots"  # git ignores it
WITH_PICTURES = "PICTURES" in os.environ
FARTHEST = 60  # presses of Tab until something must have been reached
REFUSED = "Failed to load resource: the server responded with a status of 4"  # a browser's word for any 4xx answer
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUSED = "element => element === document.activeElement"

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Device:
    """What a page is looked at with."""

    name: str
    width: int
    height: int
    is_touch: bool = False


PHONE = Device("phone", 360, 640, is_touch=True)
TABLET = Device("tablet", 768, 1024, is_touch=True)
DESKTOP = Device("desktop", 1280, 800)


class Reader:
    """One browser context with one page."""

    def __init__(self, browser: Browser, url: str, device: Device, *, script: bool = True, lang: str = "de") -> None:
        self.url, self.lang, self.device = url, lang, device
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.context = browser.new_context(
            base_url=url,
            viewport={"width": device.width, "height": device.height},
            has_touch=device.is_touch,
            java_script_enabled=script,
            reduced_motion="reduce",
            locale="fr-FR",  # the language is in the address, never guessed
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self._listen(self.page)

    def open(self, path: str) -> Page:
        """Go to a path in this reader's language, or to a full address."""
        self.page.goto(self.address(path))
        self.look()
        return self.page

    def come_back(self, path: str) -> Page:
        """Close the page and open another one later, in the same browser."""
        self.page.close()
        return self.another_tab(path)

    def another_tab(self, path: str) -> Page:
        """Open a page beside the one that is open; it is the one looked at from now on."""
        self.page = self.context.new_page()
        self._listen(self.page)
        return self.open(path)

    def address(self, path: str) -> str:
        if path.startswith("http") or self.lang == "de":
            return path
        route, mark, anchor = path.partition("#")
        return f"{route}{'&' if '?' in route else '?'}lang={self.lang}{mark}{anchor}"

    def stop_clock(self) -> None:
        """From here on time passes on the page only as far as a test lets it; said before a page is opened."""
        now = datetime.now(tz=UTC)
        self.page.clock.install(time=now)
        self.page.clock.pause_at(now + timedelta(seconds=1))

    def look(self) -> None:
        """Hold the page that is open against the rules of the house; one that is just coming is waited for."""
        self.page.wait_for_load_state("domcontentloaded")
        if (beyond := self.page.evaluate(SIDEWAYS)) > 0:
            self.complaints.append(f"{self.page.url} scrolls {beyond} px sideways on a {self.device.name}")

    def turn(self, device: Device, scheme: Scheme) -> None:
        """See the page that is open at another width, in another light."""
        self.device = device
        self.page.set_viewport_size({"width": device.width, "height": device.height})
        self.page.emulate_media(color_scheme=scheme)
        self.look()

    def picture(self, name: str, *, whole: bool = True) -> None:
        """For people to look at, taken only when they want to: `PICTURES=1 make test ARGS=tests/browser`."""
        if WITH_PICTURES:
            SHOTS.mkdir(exist_ok=True)
            self.page.screenshot(path=SHOTS / f"{name.replace(' ', '-')}.png", full_page=whole)

    def tab_to(self, target: Locator) -> None:
        """Walk there as people without a mouse do."""
        for _ in range(FARTHEST):
            self.page.keyboard.press("Tab")
            if target.evaluate(FOCUSED):
                return
        raise AssertionError(f"{FARTHEST} presses of Tab do not reach {target}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def said(self, text: str) -> None:
        """See a text on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    @property
    def cookies(self) -> list[str]:
        return [str(cookie.get("name")) for cookie in self.context.cookies()]

    @property
    def strangers(self) -> list[str]:
        """Requests that left the site's own origin."""
        own = urlsplit(self.url).netloc
        return [url for url in self.asked if urlsplit(url).scheme != "data" and urlsplit(url).netloc != own]

    def forgive(self, words: str) -> None:
        """Take back complaints that a test provoked on purpose."""
        self.complaints = [complaint for complaint in self.complaints if words not in complaint]

    def close(self) -> None:
        self.context.close()
        assert not self.complaints, "\n".join(self.complaints)
        assert not self.strangers, f"left the origin: {self.strangers}"

    def _listen(self, page: Page) -> None:
        page.on("request", self._note_request)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _note_request(self, request: Request) -> None:
        self.asked.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSED):
            self.complaints.append(f"{self.page.url}: {message.text}")
