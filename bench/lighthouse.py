"""`make lighthouse`: what Google's Lighthouse says of the pages that people meet first, on a phone and at a desk.

It is installed by npm into a folder that git ignores, and measures with the system's Chromium: `ARGS=URL` a site that
runs, without it one that is started on the demo. Ends with 1 when a score is below the mark. Run it on a quiet machine:
it takes the time that a page needs here, and multiplies it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.server import Server

FOLDER = Path(__file__).parent.parent / ".lighthouse"
RESULTS = Path(__file__).parent / "results"
VERSION = "lighthouse@12"
MARK = 99
TRIES = 3  # of a round that Lighthouse could not record
ROUNDS = 3  # of which the median counts, for what depends on time
PATIENCE = 240  # seconds for one page
PAGES = {"home": "/", "guest post": "/posts/gastbeitrag-o2-netz", "form": "/reports/new"}
DEVICES: dict[str, list[str]] = {"phone": [], "desktop": ["--preset=desktop"]}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"


@dataclass(frozen=True)
class Seen:
    """The scores of a page, 0 to 100 in the order of CATEGORIES, and what cost points."""

    page: str
    device: str
    scores: tuple[int, ...]
    milliseconds: int  # until the largest thing on the first screen was there, on the device that is imitated
    blamed: tuple[str, ...]


def main(*urls: str) -> None:
    """Measure the site at a URL, or one that is started here; print a table, write JSON."""
    program = installed()
    with _site(*urls) as url:
        found = [_look(program, url, page, device) for page in PAGES for device in DEVICES]
    _print(found)
    RESULTS.mkdir(exist_ok=True)
    told = json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False)
    (RESULTS / "lighthouse.json").write_text(told, "utf-8")
    if any(score < MARK for one in found for score in one.scores):
        raise SystemExit(1)


def installed() -> Path:
    """The program; installed first where it is not there. Ends with what is missing where that cannot be."""
    program = FOLDER / "node_modules" / ".bin" / "lighthouse"
    if program.exists():
        return program
    if shutil.which("npm") is None:
        raise SystemExit("Lighthouse needs npm with Node 20 or later. Install it:  sudo apt install npm")
    FOLDER.mkdir(exist_ok=True)
    print(f"Installing {VERSION} into {FOLDER.name}/", file=sys.stderr)
    subprocess.run(["npm", "install", "--prefix", FOLDER, "--no-audit", "--no-fund", "--silent", VERSION], check=True)
    return program


@contextmanager
def _site(url: str = "") -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.instance.mkdir(parents=True)
        loaded = server.flask("demo", "load")
        assert loaded.returncode == 0, loaded.stderr
        with server:
            yield server.url


def _look(program: Path, url: str, page: str, device: str) -> Seen:
    reports = [_report(program, f"{url}{PAGES[page]}", DEVICES[device]) for _ in range(ROUNDS)]
    middle = sorted(reports, key=lambda report: report["categories"]["performance"]["score"] or 0)[ROUNDS // 2]
    scores = tuple(round(100 * (middle["categories"][name]["score"] or 0)) for name in CATEGORIES)
    largest = middle["audits"]["largest-contentful-paint"].get("numericValue", 0)
    return Seen(page, device, scores, round(largest), tuple(_blamed(middle)))


def _report(program: Path, url: str, options: list[str]) -> dict[str, Any]:  # Any: Lighthouse's own JSON
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is missing. Install it:  sudo apt install chromium")
    command = [str(program), url, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    for _ in range(TRIES):
        done = subprocess.run(
            [*command, f"--chrome-flags={FLAGS}", *options],
            env={**os.environ, "CHROME_PATH": chromium},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if "run Lighthouse again" not in done.stderr:  # it says so when it has missed the start of the page
            break
    if done.returncode:
        raise SystemExit(f"Lighthouse failed at {url}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)  # Any: the same
    return found


def _blamed(report: dict[str, Any]) -> Iterator[str]:  # Any: the same
    """The audits that weigh something and are not passed, with what is said of them."""
    for name in CATEGORIES:
        for one in report["categories"][name]["auditRefs"]:
            audit = report["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 1:
                yield f"{audit['title']} ({audit.get('displayValue') or audit['score']})"


def _print(found: list[Seen]) -> None:
    table = Table("page", "device", *CATEGORIES, "LCP ms", "what cost points")
    for one in found:
        table.add_row(one.page, one.device, *map(str, one.scores), str(one.milliseconds), "; ".join(one.blamed))
    Console(width=150).print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
