"""Real servers, a real Chromium, and readers who sit at it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.bad_network import BadNetwork
from tests.browser.reader import DESKTOP, PATIENCE, PHONE, Device, Reader
from tests.server import Server

HERE = Path(__file__).parent
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Seat(Protocol):
    """Puts a reader before a site."""

    def __call__(
        self, site: Server | BadNetwork, device: Device = ..., *, script: bool = ..., lang: str = ...
    ) -> Reader: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, if it can be the one without windows; nothing is downloaded."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.fail("Chromium is missing. Install it:  sudo apt install chromium-headless-shell")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A fresh site with the posts that ship."""
    with Server(tmp_path_factory.mktemp("site")) as server:
        yield server


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory, loaded_demo: Server) -> Iterator[Server]:
    """A site filled with the campaign of November 2011."""
    with loaded_demo.copied(tmp_path_factory.mktemp("demo")) as server:
        yield server


@pytest.fixture
def seat(browser: Browser) -> Iterator[Seat]:
    """`seat(site, PHONE)`: a reader; at the end all are asked what they had to complain about."""
    readers: list[Reader] = []

    def make(site: Server | BadNetwork, device: Device = DESKTOP, *, script: bool = True, lang: str = "de") -> Reader:
        readers.append(Reader(browser, site.url, device, script=script, lang=lang))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()


@pytest.fixture
def network(site: Server) -> Iterator[BadNetwork]:
    """What lies between a reader and the fresh site."""
    with BadNetwork(site.port) as between:
        yield between


@pytest.fixture(params=[PHONE, DESKTOP], ids=lambda device: device.name)
def device(request: pytest.FixtureRequest) -> Device:
    found: Device = request.param
    return found


@pytest.fixture(params=["de", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found
