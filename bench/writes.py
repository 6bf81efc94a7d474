"""Reports and comments a second over HTTP, by 1, 8 and 64 clients, each on disk before it is answered; the peer is the
bare database of the same run, which commits one small row at a time as durably, and does nothing else."""

import json
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.kit import tokens
from bench.measure import Figure
from tests.postgres import Cluster
from tests.server import Server

KINDS = ("reports", "comments")
CLIENTS = (1, 8, 64)
ROUNDS = 5
SECONDS = 3  # of each run
BARE_SECONDS = 1.0
SCRIPT = Path(__file__).with_suffix(".lua")

Case = tuple[str, int]
"""Kind and clients."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of one case came to."""

    rate: float  # stored a second
    p50: float  # milliseconds
    p99: float
    refused: int  # told to come again, or without an answer
    share: float  # of what the bare database commits


def figures(rounds: int = ROUNDS, seconds: int = SECONDS) -> Iterator[Figure]:
    """A line for each database, kind and number of clients: the median of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        with Server(Path(folder) / "sqlite", EINZELFALL_TRUSTED_PROXIES="1") as site:
            bare = _bare_sqlite(Path(folder) / "bare.sqlite")
            yield from _figures("SQLite", site, bare, rounds, seconds)
        yield from _on_postgresql(Path(folder), rounds, seconds)


def _on_postgresql(folder: Path, rounds: int, seconds: int) -> Iterator[Figure]:
    cluster = Cluster(is_durable=True)
    cluster.start()
    try:
        bare = _bare_postgresql(cluster.new_database())
        site = Server(
            folder / "postgresql", EINZELFALL_TRUSTED_PROXIES="1", EINZELFALL_DATABASE_URL=cluster.new_database()
        )
        with site:
            yield from _figures("PostgreSQL", site, bare, rounds, seconds)
    finally:
        cluster.stop()


def _figures(database: str, site: Server, bare: Callable[[], float], rounds: int, seconds: int) -> Iterator[Figure]:
    runs, limits = defaultdict[Case, list[Run]](list), list[float]()
    for _ in range(rounds):
        limits.append(limit := bare())
        for case in ((kind, clients) for kind in KINDS for clients in CLIENTS):
            runs[case].append(_run(site, *case, seconds, limit))
    audit = site.command("audit")
    assert audit.exit_code == 0, audit.output
    peer = f"{statistics.median(limits):,.0f} bare commits/s"
    for (kind, clients), found in runs.items():
        middle = sorted(found, key=lambda run: run.rate)[len(found) // 2]
        refused = f", {sum(run.refused for run in found)} refused" if any(run.refused for run in found) else ""
        name = f"{kind}, {clients} at once, {database}: {middle.rate:,.0f}/s, p99 {middle.p99:.0f} ms{refused}"
        yield Figure(name, middle.p50, 0, 0, middle.share, peer)


def _run(site: Server, kind: str, clients: int, seconds: int, limit: float) -> Run:
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", "-s", str(SCRIPT), site.url, "--", kind]
    done = subprocess.run([*command, tokens.new_key()], capture_output=True, text=True, timeout=60, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    refused = said["refused"] + said["broken"]
    rate = (said["sent"] - said["refused"]) / said["microseconds"] * 1e6
    return Run(rate, said["p50"], said["p99"], refused, rate / limit)


def _bare_sqlite(file: Path) -> Callable[[], float]:
    """Durable commits a second, one row each, by one who has the file alone."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a TEXT)")
    return lambda: _a_second(lambda: connection.execute("INSERT INTO t VALUES ('x')"))


def _bare_postgresql(address: str) -> Callable[[], float]:
    connection = psycopg.connect(address.replace("+psycopg", ""), autocommit=True)
    connection.execute("CREATE TABLE t (a TEXT)")
    return lambda: _a_second(lambda: connection.execute("INSERT INTO t VALUES ('x')"))


def _a_second(work: Callable[[], object]) -> float:
    """How often in a second."""
    number, ends = 0, (began := time.perf_counter()) + BARE_SECONDS
    while time.perf_counter() < ends:
        work()
        number += 1
    return number / (time.perf_counter() - began)
