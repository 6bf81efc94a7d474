"""Processes that keep running: started again when they fall, made anew when asked, ended gently, never left behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from types import FrameType
from typing import NoReturn

import structlog

GRACE = 25  # seconds that accepted requests have to finish
BACK_OFF = (0.2, 1.0, 3.0, 10.0)  # seconds before a fallen process is started again
STEADY = 60  # seconds after which a process counts as steady again

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be kept running."""

    commands: dict[str, list[str]]
    folder: str  # in which they run
    handed: dict[str, list[int]] = field(default_factory=dict)  # file descriptors that one of them inherits
    reloads: list[str] = field(default_factory=list)  # who understands SIGHUP; the others are ended and started again
    check: list[str] = field(default_factory=list)  # fails when what they read at their start is not sound


def become(plan: Plan, held: Sequence[int]) -> NoReturn:
    """Turn this process into the supervisor of a plan: under the same number, without what it has in memory.

    The file descriptors that are handed on stay open, and those `held`, like locks.
    """
    for descriptor in (*held, *(one for handed in plan.handed.values() for one in handed)):
        os.set_inheritable(descriptor, True)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-P", __file__, json.dumps(asdict(plan))])  # noqa: S606 -- ourselves; -P: our neighbours are no modules


class Supervisor:
    """Keeps each process of a plan running, one of a kind, and ends them gently."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}
        self._falls: dict[str, int] = dict.fromkeys(plan.commands, 0)
        self._asked: set[str] = set()  # to end and be started again
        self._is_ending = self._is_reloading = False

    def run(self) -> int:
        """Run until a signal says to stop; the exit code."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        signal.signal(signal.SIGHUP, self._be_reloaded)
        for name in self._plan.commands:
            self._start(name)
        while not self._is_ending:
            if self._is_reloading:
                self._reload()
            self._mend()
            time.sleep(0.1)
        return self._stop()

    def _reload(self) -> None:
        """Have everything read anew; what cannot be read leaves all as it is."""
        self._is_reloading = False
        if self._plan.check and (fault := self._fault()):
            log.error("reload_refused", fault=fault)
            return
        log.info("reloading")
        for name, process in self._running.items():
            if name in self._plan.reloads:
                process.send_signal(signal.SIGHUP)
            else:
                self._asked.add(name)
                process.terminate()

    def _fault(self) -> str:
        """Why the processes would not start again; nothing when they would."""
        done = subprocess.run(self._plan.check, cwd=self._plan.folder, capture_output=True, text=True, check=False)
        return done.stderr.strip().rpartition("\n")[2] or "the check failed" if done.returncode else ""

    def _mend(self) -> None:
        """Start again what has fallen, later and later while it keeps falling."""
        for name, process in self._running.items():
            if process.poll() is None or self._is_ending:
                continue
            if name in self._asked or time.monotonic() - self._started[name] > STEADY:
                self._falls[name] = 0
            wait = BACK_OFF[min(self._falls[name], len(BACK_OFF) - 1)]
            if time.monotonic() - self._started[name] < wait:
                continue
            if name not in self._asked:
                self._falls[name] += 1
                log.warning("process_fell", process=name, code=process.returncode)
            _signal_group(process, signal.SIGKILL)  # its children would live on and answer with what is past
            self._start(name)

    def _start(self, name: str) -> None:
        # a group of its own: Ctrl-C reaches us alone, and we end the others in order
        self._running[name] = subprocess.Popen(
            self._plan.commands[name],
            cwd=self._plan.folder,
            start_new_session=True,
            pass_fds=self._plan.handed.get(name, ()),
        )
        self._asked.discard(name)
        self._started[name] = time.monotonic()

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self._is_ending = True

    def _be_reloaded(self, _signal: int, _frame: FrameType | None) -> None:
        self._is_reloading = True

    def _stop(self) -> int:
        """Ask all to end, again each second: a worker that is still loading does not hear it. Then make them."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + GRACE + 5
        while not self._have_ended(within=1) and time.monotonic() < deadline:
            self._signal_all(signal.SIGTERM)
        self._signal_all(signal.SIGKILL)
        return 0

    def _have_ended(self, within: float) -> bool:
        deadline = time.monotonic() + within
        while running := any(process.poll() is None for process in self._running.values()):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return not running

    def _signal_all(self, number: signal.Signals) -> None:
        for process in self._running.values():
            _signal_group(process, number)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Tell a process and its children, as far as they still run."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def end_with_parent() -> None:
    """In a supervised process: end, as if asked to, once whoever started it is gone."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.killpg(0, signal.SIGTERM)


if __name__ == "__main__":
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    sys.exit(Supervisor(Plan(**json.loads(sys.argv[1]))).run())
