"""Processes of a site, found through /proc."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from tests.server import Server, eventually

SERVER, CONSUMER = "site-server", "site-jobs"  # names that they give themselves
LOADING_THREADS = 4  # at most, of a worker that does not answer yet


def granian(server: Server) -> int:
    """The process that starts the workers."""
    [found] = [pid for pid in children(server.pid) if name(pid) == SERVER]
    return found


def workers(server: Server) -> list[int]:
    """The processes that answer: children of the one that granian started."""
    return [pid for parent in children(server.pid) if name(parent) == SERVER for pid in children(parent)]


def loaded(server: Server) -> list[int]:
    """The workers that answer already: who is still loading has no threads for requests."""
    return [pid for pid in workers(server) if len(threads(pid)) > LOADING_THREADS]


def threads(pid: int) -> list[int]:
    return [int(task.name) for task in Path(f"/proc/{pid}/task").glob("*")]


def consumers(server: Server) -> list[int]:
    return [pid for pid in children(server.pid) if name(pid) == CONSUMER]


def everything(server: Server) -> list[int]:
    """All processes of the site, the supervisor first."""
    return [server.pid, *descendants(server.pid)]


def descendants(pid: int) -> list[int]:
    return [each for child in children(pid) for each in (child, *descendants(child))]


def children(pid: int) -> list[int]:
    """The children of every thread of a process, without those that have ended."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in _read(task).split() if is_running(int(child))]


def name(pid: int) -> str:
    return _read(Path(f"/proc/{pid}/comm")).strip()


def of_its_own(pid: int) -> float:
    """The part of its memory that it shares with no other process, 0 to 1."""
    lines = [line.split() for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()[1:]]
    size = {line[0]: int(line[1]) for line in lines}
    return (size["Private_Clean:"] + size["Private_Dirty:"]) / size["Rss:"]


def is_running(pid: int) -> bool:
    return _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()[:1] not in ([], ["Z"])


def tell(pids: list[int], number: signal.Signals) -> None:
    """Send a signal to all of them, as far as they still run."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def kill(pids: list[int]) -> float:
    """Kill all of them; when, in `time.time()`. They are gone when it returns."""
    killed_at = time.time()
    tell(pids, signal.SIGKILL)
    await_end(pids)
    return killed_at


def await_stop(pids: list[int]) -> None:
    """Until none of their threads does anything any more: to be told so is not yet to stand still."""
    tasks = [task for pid in pids for task in Path(f"/proc/{pid}/task").glob("*/stat")]
    eventually(
        lambda: all(_read(task).rpartition(")")[2].split()[:1] in ([], ["T"]) for task in tasks), "they stand still"
    )


def await_end(pids: list[int]) -> None:
    """Until none of them runs any more."""
    eventually(lambda: not any(map(is_running, pids)), "they have ended")


def await_fall(pids: list[int]) -> None:
    """Until one of them does not run any more."""
    eventually(lambda: not all(map(is_running, pids)), "one of them falls")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""
