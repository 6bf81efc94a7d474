"""Pages from memory while people write: ten reports and ten comments a second, which change just these pages.

The same page is read in turns without and with writers. These send when it is their time, whether or not an answer has
come (open loop), so a submission that waits behind another one counts from when it should have been sent.
"""

import asyncio
import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from app.kit import tokens
from bench import load
from bench.load import wrk
from bench.measure import Figure
from bench.page_hits import BR, GUEST_POST
from bench.replay.client import Answer, Connection, get, post

ROUNDS, SECONDS = 5, 6
EACH = 10  # reports a second, and as many comments
LOOK = 0.02  # seconds between two looks of the reader who waits for a comment
PAGES = {"home": "/", "guest post, 50 of 750 comments": GUEST_POST}


@dataclass
class Written:
    """What became of submissions, in seconds."""

    took: list[float] = field(default_factory=list)
    seen_after: list[float] = field(default_factory=list)  # from the answer until a reader met the comment
    refused: int = 0  # or kept for a person, which says nothing about time


def figures() -> Iterator[Figure]:
    """The rate beside writers as a share of that without them, what a submission takes, when a comment is seen."""
    with load.demo() as instance:
        yield from figures_of(instance)


def figures_of(instance: Path) -> Iterator[Figure]:
    """The same, of an instance that is there; from here on it publishes what no judge objects to."""
    (instance / "campaign.toml").write_text('comment_policy = "open"\n')
    (instance / "config.toml").write_text("trusted_proxies = 1\n")  # as from a network for each who writes
    with load.site(instance) as site, ThreadPoolExecutor(1) as thread:
        for name, path in PAGES.items():
            written, shares, rates = Written(), [], []
            wrk(site + path, 1, headers=BR)
            for _ in range(ROUNDS):
                alone = wrk(site + path, SECONDS, headers=BR)
                writing = thread.submit(asyncio.run, _write(site, written))
                beside = wrk(site + path, SECONDS, headers=BR)
                writing.result()
                assert not alone.bad + beside.bad, f"{name}: some answers were none"
                shares.append(beside.rate / alone.rate)
                rates.append(beside.rate)
            yield _figure(name, written, median(shares), median(rates))


def _figure(name: str, written: Written, share: float, rate: float) -> Figure:
    took, seen = sorted(written.took), sorted(written.seen_after)
    said = (
        f"{rate:,.0f}/s; {len(took)} submissions, {written.refused} refused or held, "
        f"p99 {_at(took, 0.99) * 1000:.0f} ms; a comment seen after {_at(seen, 0.5):.2f} s, at most {seen[-1]:.2f} s"
    )
    return Figure(f"{name}, hit beside {2 * EACH} submissions/s", 1000 / rate, 0, 0, share, said)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def _write(site: str, written: Written) -> None:
    """Reports and comments in turn, evenly spread over a round, and the looks of who waits for a comment."""
    began, sent = time.monotonic(), []
    for number, is_comment in zip(range(2 * EACH * SECONDS), cycle([False, True]), strict=False):
        due = began + number / (2 * EACH)
        await asyncio.sleep(due - time.monotonic())
        sent.append(asyncio.create_task(_submit(site, due, written, is_comment=is_comment)))
    await asyncio.gather(*sent)


async def _submit(site: str, due: float, written: Written, *, is_comment: bool) -> None:
    key = tokens.new_key()
    fields: dict[str, str | list[str]] = {"key": key, "symptoms": "no_data", "place": "Jena", "text": ""}
    if is_comment:
        fields = {"key": key, "name": "Lena", "text": f"Abends geht bei uns gar nichts mehr, {key} mal."}
    answer = await _ask(site, f"{GUEST_POST}/comments" if is_comment else "/reports", fields)
    written.took.append(time.monotonic() - due)
    path, _, mark = answer.header("location").partition("#")
    if answer.status != 303 or (is_comment and not mark):
        written.refused += 1
    elif is_comment:
        written.seen_after.append(await _until_seen(site, path, mark))


async def _until_seen(site: str, path: str, mark: str) -> float:
    began = time.monotonic()
    while f'id="{mark}"'.encode() not in (await _ask(site, path)).body:
        await asyncio.sleep(LOOK)
    return time.monotonic() - began


async def _ask(site: str, path: str, fields: dict[str, str | list[str]] | None = None) -> Answer:
    where = urlsplit(site)
    connection = Connection(where.hostname or "", where.port or 80)
    if fields is None:
        raw = get(where.netloc, path, Accept_Encoding="identity")
    else:
        raw = post(where.netloc, path, fields, X_Forwarded_For=f"2001:db8:{random.randrange(0xFFFF):x}::1")
    try:
        return await connection.ask(raw)
    finally:
        connection.close()


if __name__ == "__main__":
    print(json.dumps([figure.__dict__ for figure in figures()], indent=2))
