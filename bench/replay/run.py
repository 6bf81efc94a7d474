"""The replay: three crowds, the one at the desk, and what is left afterwards."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.kit import clock
from bench.measure import Figure
from bench.replay import campaign, checks, load
from bench.replay.desk import Desk
from bench.replay.load import Crowd, Result
from bench.replay.memory import pss
from tests.akismet_server import KEY
from tests.server import Server

ROOT = Path(__file__).parent.parent.parent
RESULTS = ROOT / "bench" / "results"
SEED = 2011
WATCHERS = 1_000
READERS, SENDERS = 48, 24  # connections
LONGEST = 540.0  # seconds
SHARES = (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999))
MIB = 1024**2


@dataclass
class Outcome:
    """What one replay found."""

    commit: str
    at: str
    speed: float | None
    seconds: float = 0.0
    actions: dict[str, dict[str, float]] = field(default_factory=dict)  # count, a second, p50 … in milliseconds
    statuses: dict[str, int] = field(default_factory=dict)
    memory: dict[str, dict[str, float]] = field(default_factory=dict)  # MiB at rest and afterwards, per process
    faults: list[str] = field(default_factory=list)


def figures() -> Iterator[Figure]:
    """The whole campaign as fast as it goes; RuntimeError names what was lost, doubled or leaked."""
    outcome = replay(None)
    show(outcome)
    for action, one in outcome.actions.items():
        for name, _ in SHARES:
            yield Figure(f"replay: {action} {name}", one[name], 0, 0, one["a second"], "a second (ratio)")
    if outcome.faults:
        raise RuntimeError("; ".join(outcome.faults))


def replay(speed: float | None, watchers: int = WATCHERS, every: int = 1) -> Outcome:
    """Run the campaign against a site of its own, and look at what is left."""
    outcome, spam = Outcome(_commit(), f"{clock.now():%Y-%m-%dT%H:%M}Z", speed), campaign.spam_fingerprints(SEED)
    with tempfile.TemporaryDirectory() as folder, _judge() as akismet:
        site = Server(Path(folder), EINZELFALL_AKISMET_KEY=KEY, EINZELFALL_AKISMET_URL=akismet)
        with site:
            outcome.memory["at rest"] = _megabytes(site.pid)
            desk = Desk(site, spam)
            desk.sign_in()
            desk.start()
            pages, forms, counter = _crowds(site, outcome, watchers, every)
            desk.end()
            outcome.memory["afterwards"] = _megabytes(site.pid)
            outcome.faults += [*checks.faults(site, forms, spam), *_failures(pages, forms, counter), *desk.errors[:5]]
    for crowd in (pages, forms, counter):
        outcome.statuses |= crowd.statuses
        for action, seconds in crowd.seconds.items():
            outcome.actions[action] = _figures(list(seconds), crowd.ended - crowd.began)
    outcome.actions["decision"] = _figures(desk.seconds, outcome.seconds)
    return outcome


def show(outcome: Outcome) -> None:
    """One table, and what was wrong."""
    how = f"{outcome.speed:g} campaign seconds a second" if outcome.speed else "as fast as it goes"
    table = Table("action", "count", "a second", *(name for name, _ in SHARES), title=f"November 2011, {how}")
    for action, one in outcome.actions.items():
        shares = (f"{one[name]:.1f} ms" for name, _ in SHARES)
        table.add_row(action, f"{one['count']:,.0f}", f"{one['a second']:,.0f}", *shares)
    console = Console(width=110)
    console.print(table)
    console.print(f"{outcome.seconds:.1f} s in all · {outcome.statuses}")
    for when, processes in outcome.memory.items():
        console.print(f"memory {when}: {sum(processes.values()):.0f} MiB (PSS) {processes}")
    for fault in outcome.faults:
        console.print(f"FAULT {fault}")
    console.print("Nothing lost, doubled or public unchecked; audit clean." if not outcome.faults else "")


def _crowds(site: Server, outcome: Outcome, watchers: int, every: int) -> tuple[Result, Result, Result]:
    speed = outcome.speed

    def crowd(connections: int) -> Crowd:
        return Crowd("127.0.0.1", site.port, speed, connections, every)

    began = time.monotonic()
    watched = campaign.DAYS * campaign.DAY / speed if speed else 30.0
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as crowds:
        found: list[Future[Result]] = [
            crowds.submit(load.read_pages, crowd(READERS), SEED),
            crowds.submit(load.send_forms, crowd(SENDERS), SEED),
            crowds.submit(load.watch_counter, crowd(watchers), watched),
        ]
        pages, forms, counter = (one.result(timeout=LONGEST) for one in found)
    outcome.seconds = time.monotonic() - began
    return pages, forms, counter


def _failures(*crowds: Result) -> Iterator[str]:
    """Every answer that was none, and every 5xx that was not made good by trying again."""
    for crowd in crowds:
        for what, times in crowd.statuses.items():
            status = what.partition(" ")[2]
            if status == "no answer" or status.startswith("5") or status in {"404", "422", "429"}:
                yield f"{times} × {what}"


def _figures(seconds: list[float], lasted: float) -> dict[str, float]:
    ordered = sorted(seconds) or [0.0]
    found = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for name, share in SHARES}
    return {"count": len(seconds), "a second": len(seconds) / lasted if lasted else 0.0, **found}


def _megabytes(pid: int) -> dict[str, float]:
    return {name: round(size / MIB, 1) for name, size in pss(pid).items()}


@contextmanager
def _judge() -> Iterator[str]:
    """The address of a service that judges, in a process of its own."""
    command = [sys.executable, "-m", "bench.replay.judge", str(SEED)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as judge:
        assert judge.stdout
        yield judge.stdout.readline().strip()
        judge.terminate()


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
