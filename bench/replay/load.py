"""Readers, customers and open counters, each crowd in a process of its own."""

import asyncio
import json
import random
import time
from array import array
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from bench.replay import campaign
from bench.replay.client import Answer, Connection, get, post

WATCH_EVERY = 2.0  # seconds between two questions of an open counter
PAUSE = 1.0  # second before the next try
TRIES = 30  # of one who gets 503 or no answer; the outbox of a browser never gives up
CONDITIONAL = 0.2  # of the page views come from readers who have the page already


@dataclass(frozen=True)
class Crowd:
    """Where a crowd goes, how fast (campaign seconds a second; None: as fast as it goes), by how many connections."""

    host: str
    port: int
    speed: float | None
    connections: int
    every: int = 1  # of the campaign only one in so many


@dataclass
class Result:
    """What a crowd met: seconds per action, what the answers were, and what was promised to it."""

    seconds: dict[str, "array[float]"] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    receipts: list[tuple[str, int | None]] = field(default_factory=list)  # key, number
    comments: list[str] = field(default_factory=list)  # keys that were acknowledged
    numbers: list[tuple[float, int]] = field(default_factory=list)  # moment, count that an open counter showed
    began: float = 0.0
    ended: float = 0.0

    def note(self, action: str, since: float, status: str) -> None:
        self.seconds.setdefault(action, array("d")).append(time.monotonic() - since)
        self.statuses[f"{action} {status}"] += 1


Due = tuple[float, Callable[[Connection, float], Awaitable[None]]]
"""When something is due, in seconds after the start, and what to do then; it is told since when somebody waits."""


def read_pages(crowd: Crowd, seed: int) -> Result:
    """All page views of the campaign."""
    result, rng = Result(), random.Random(seed)
    times, paths = campaign.views(rng)
    known: dict[str, str] = {}  # the ETag of each page that somebody has already

    def due() -> Iterator[Due]:
        for at, path in islice(zip(times, paths, strict=True), None, None, crowd.every):
            etag = known.get(path) if rng.random() < CONDITIONAL else None
            raw = get(crowd.host, path, If_None_Match=etag) if etag else get(crowd.host, path)
            yield at, lambda connection, since, raw=raw, path=path: view(connection, since, raw, path)  # type: ignore[misc]  # defaults bind the loop's values

    async def view(connection: Connection, since: float, raw: bytes, path: str) -> None:
        answer = await _asked(connection, raw)
        result.note("page", since, _status(answer))
        if answer and answer.status == 200 and (etag := answer.header("etag")):
            known[path] = etag

    asyncio.run(_drive(due(), result, crowd))
    return result


def send_forms(crowd: Crowd, seed: int) -> Result:
    """All reports and comments of the campaign, in one order of time; each is sent again until it is answered."""
    result = Result()
    told = [
        (at, one)
        for kind in (campaign.reports, campaign.comments)
        for at, one in islice(zip(*kind(random.Random(seed)), strict=True), None, None, crowd.every)
    ]
    told.sort(key=lambda pair: pair[0])

    def due() -> Iterator[Due]:
        for at, one in told:
            yield at, lambda connection, since, one=one: send(connection, since, one)  # type: ignore[misc]  # as above

    async def send(connection: Connection, since: float, one: campaign.Told) -> None:
        action = "report" if one.path == "/reports" else "comment"
        raw = post(crowd.host, one.path, one.fields, Accept="application/json")
        for _ in range(TRIES):
            answer = await _asked(connection, raw)
            if answer and answer.status == 200:
                _acknowledged(result, action, one, answer)
                break
            await asyncio.sleep(PAUSE)
        result.note(action, since, _status(answer))

    asyncio.run(_drive(due(), result, crowd))
    return result


def watch_counter(crowd: Crowd, seconds: float) -> Result:
    """So many open pages that ask for the counter every two seconds, as a browser does, with the `ETag` they have."""
    result = Result()
    asyncio.run(_watch(result, crowd, seconds))
    return result


async def _watch(result: Result, crowd: Crowd, seconds: float) -> None:
    rng, ends = random.Random(crowd.connections), time.monotonic() + seconds

    async def page() -> None:
        connection, etag = Connection(crowd.host, crowd.port), ""
        await asyncio.sleep(rng.uniform(0, WATCH_EVERY))
        while time.monotonic() < ends:
            since = time.monotonic()
            answer = await _asked(
                connection, get(crowd.host, "/counter.json", **({"If_None_Match": etag} if etag else {}))
            )
            result.note("counter", since, _status(answer))
            if answer and answer.status == 200:
                etag = answer.header("etag")
                result.numbers.append((time.monotonic(), json.loads(await _plain(answer))["count"]))
            await asyncio.sleep(max(0.0, WATCH_EVERY - (time.monotonic() - since)))
        connection.close()

    result.began = time.monotonic()
    await asyncio.gather(*(page() for _ in range(crowd.connections)))
    result.ended = time.monotonic()


async def _plain(answer: Answer) -> bytes:
    """The body of an answer without its compression."""
    import brotli  # noqa: PLC0415 -- only watchers decode what they get

    return bytes(brotli.decompress(answer.body)) if answer.header("content-encoding") == "br" else answer.body


async def _drive(due: Iterable[Due], result: Result, crowd: Crowd) -> None:
    """Do everything: at its time at that speed, however slow the answers are, or as fast as they come.

    At a speed a request waits in line when all connections are busy, and its seconds count from when it was due
    (so no omission is coordinated); without one they count from when it was sent.
    """
    waiting: asyncio.Queue[tuple[float, Callable[[Connection, float], Awaitable[None]]] | None]
    waiting = asyncio.Queue(0 if crowd.speed else crowd.connections)
    result.began = time.monotonic()

    async def worker() -> None:
        connection = Connection(crowd.host, crowd.port)
        while (item := await waiting.get()) is not None:
            at, work = item
            await work(connection, at if crowd.speed else time.monotonic())
        connection.close()

    workers = [asyncio.create_task(worker()) for _ in range(crowd.connections)]
    for at, work in due:
        moment = result.began + at / crowd.speed if crowd.speed else 0.0
        if crowd.speed and (ahead := moment - time.monotonic()) > 0.001:
            await asyncio.sleep(ahead)
        await waiting.put((moment, work))
    for _ in workers:
        await waiting.put(None)
    await asyncio.gather(*workers)
    result.ended = time.monotonic()


async def _asked(connection: Connection, raw: bytes) -> Answer | None:
    try:
        return await connection.ask(raw)
    except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
        return None


def _status(answer: Answer | None) -> str:
    return str(answer.status) if answer else "no answer"


def _acknowledged(result: Result, action: str, one: campaign.Told, answer: Answer) -> None:
    key = str(one.fields["key"])
    if action == "report":
        result.receipts.append((key, json.loads(answer.body).get("number")))
    else:
        result.comments.append(key)
