"""More people than ever come at once; or few come and dawdle over every byte."""

import asyncio
import resource
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.parser import BytesHeaderParser
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.people import CALM, PAGES, Answer, Sending, comment, fault_of, report
from tests.faults.site import Round, Site
from tests.server import PATIENCE, eventually

WRITERS, READERS = 1000, 5000
FILES = 2 * (WRITERS + READERS)
DAWDLERS = 300  # connections of slowhttptest
STUCK = 10  # of them at least are kept waiting; who is sent away is not
HEADS, BODIES, READS = ["-H"], ["-B", "-s", "4096"], ["-X", "-w", "1", "-y", "4", "-n", "5", "-z", "1"]
WAYS = {
    "heads": [*HEADS, "-t", "GET"],
    "bodies": [*BODIES, "-t", "POST"],
    "reads": [*READS, "-t", "GET"],
}
ALONE = "bodies"  # without nginx before it, the site takes nothing else while these come: each has a writer's seat
ENOUGH = 50  # pages


def slow(site: Site, rounds: int) -> Iterator[Round]:
    """Hundreds send heads or bodies byte by byte, or read so, one after the other; pages are read meanwhile."""
    for number in range(rounds):
        site.is_whole()
        way = list(WAYS)[number % len(WAYS)]
        with site.people(writers=0 if way == ALONE else 4) as people:
            with _dawdling(site, way):
                people.calm_down()
                read = len(people.seen.pages)
                eventually(lambda: len(people.seen.pages) > read + ENOUGH, "pages are read beside them")  # noqa: B023
                people.wait_for(0 if way == ALONE else 6)
            mended_at = time.time()
            people.are_joined_by(2, [report])
            people.wait_for(3)
        found = site.account(people, mended_at)
        found.faults += [f"{way}: {found.failed} pages failed"] if found.failed else []
        yield found


def rush(site: Site, rounds: int, writers: int = WRITERS, readers: int = READERS) -> Iterator[Round]:
    """All of them come in the same moment; who is sent away comes again."""
    for _ in range(rounds):
        site.is_whole()
        began = time.time()
        sendings = [(report, comment)[number % 2]() for number in range(writers)]
        with (
            ThreadPoolExecutor(1) as thread,
            _many_files(),
        ):  # in this thread a browser's loop may run
            found = thread.submit(lambda: asyncio.run(_all_at_once(site.port, sendings, readers))).result()  # noqa: B023
        site.books += sendings
        found.seconds = max(one.told_at for one in sendings) - began
        found.lost, found.doubled = site.missing(sendings)
        found.faults += site.published_unseen()
        yield found


@contextmanager
def _many_files() -> Iterator[None]:
    """This process may open as many as all of them need."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, before[1]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextmanager
def _dawdling(site: Site, way: str) -> Iterator[None]:
    """slowhttptest, for as long as it takes."""
    path = "/reports" if way == "bodies" else PAGES[-1]
    often = ["-c", str(DAWDLERS), "-r", str(DAWDLERS), "-i", "1", "-l", str(int(PATIENCE)), "-p", "5"]
    command = ["slowhttptest", *WAYS[way], *often, "-u", f"{site.url}{path}"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as client:
        try:
            eventually(lambda: _connections(client.pid) >= STUCK, "slow clients are there")
            yield
        finally:
            client.kill()


def _connections(pid: int) -> int:
    return sum(_leads_to(link).startswith("socket:") for link in Path(f"/proc/{pid}/fd").iterdir())


def _leads_to(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""  # closed meanwhile


async def _all_at_once(port: int, sendings: list[Sending], readers: int) -> Round:
    found = Round()
    reading = [_read(port, PAGES[number % len(PAGES)], found) for number in range(readers)]
    await asyncio.gather(*(_write(port, one, found) for one in sendings), *reading)
    found.acknowledged = sum(bool(one.told_at) for one in sendings)
    return found


async def _read(port: int, path: str, found: Round) -> None:
    try:
        answer = await _request(port, path)
    except (OSError, TimeoutError):
        found.failed += 1
    else:
        found.pages += answer.status == 200
        found.failed += answer.status != 200


async def _write(port: int, one: Sending, found: Round) -> None:
    """As often as it takes, the same thing under the same key."""
    ends = time.monotonic() + 2 * PATIENCE
    while not one.told_at:
        assert time.monotonic() < ends, f"a {one.kind} was never acknowledged"
        try:
            answer = await _request(port, one.path, one.fields)
        except (OSError, TimeoutError):
            await asyncio.sleep(CALM)
            continue
        if fault := fault_of(answer, one):
            found.faults.append(fault)
        if answer.status == 303:
            one.told_at = time.time()
            one.receipt = answer.location.partition("/reports/")[2].partition("?")[0]
        elif fault:
            return
        else:
            await asyncio.sleep(int(answer.retry_after))


async def _request(port: int, path: str, fields: dict[str, str] | None = None) -> Answer:
    """One request on a connection of its own; OSError or TimeoutError when there is no whole answer."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            body = urlencode(fields or {}).encode()
            head = [f"{'POST' if fields else 'GET'} {path} HTTP/1.1", f"Host: localhost:{port}", "Connection: close"]
            if fields:
                head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
            writer.write("\r\n".join([*head, "", ""]).encode() + body)
            raw = await reader.read()
        finally:
            writer.close()
    top, _, text = raw.partition(b"\r\n\r\n")
    status, _, lines = top.partition(b"\r\n")
    if not status:
        raise ConnectionResetError
    said = BytesHeaderParser().parsebytes(lines)
    location, retry_after = said.get("Location", ""), said.get("Retry-After", "")
    return Answer(int(status.split()[1]), location, retry_after, text.decode("utf-8", "replace"))
