"""Processes that keep running: started again when they fall, made anew when asked, ended gently, never left behind.

The first ones are forked from a process that has read all they need, so that it is read once; it then becomes the
supervisor, which needs next to nothing. Whoever takes the place of a fallen one is started by its command.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import Context
from dataclasses import asdict, dataclass, field
from pathlib import Path
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
    begun: dict[str, int] = field(default_factory=dict)  # those that run already, children of this process
    handed: dict[str, list[int]] = field(default_factory=dict)  # file descriptors that one of them inherits
    reloads: list[str] = field(default_factory=list)  # who understands SIGHUP; the others are ended and started again
    check: list[str] = field(default_factory=list)  # fails when what they read at their start is not sound


def begin(work: Callable[[], None], without: Sequence[int]) -> int:
    """Have a process of its own do this, which closes these file descriptors; its number.

    Call it where no other thread runs: a lock that one of them holds would stay closed in the new process for ever.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    if number := os.fork():
        return number
    code = 1
    try:
        # a group of its own: Ctrl-C reaches the supervisor alone, and that ends the others in order. No session of its
        # own: Linux shares cores out by session, and took a core from its worker four times for each answer
        os.setpgid(0, 0)
        _write_in_background()
        for descriptor in without:
            os.close(descriptor)
        Context().run(work)  # not in the context of whoever asked for it
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 -- nobody above may go on with what only the first process was to do
        traceback.print_exc()
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _write_in_background() -> None:
    """This process and all that it starts may write to a terminal that stops who does so (`stty tostop`)."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGTTIN, signal.SIG_IGN)


def be_called(name: str) -> None:
    """Show the administrator by name what this process does, in 15 characters; where the system has names."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name, "ascii")


def become(plan: Plan, held: Sequence[int]) -> NoReturn:
    """Turn this process into the supervisor of a plan: under the same number, without what it has in memory.

    The file descriptors that are handed on stay open, and those `held`, like locks.
    """
    for descriptor in (*held, *(one for handed in plan.handed.values() for one in handed)):
        os.set_inheritable(descriptor, True)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-P", __file__, json.dumps(asdict(plan))])  # noqa: S606 -- ourselves; -P: our neighbours are no modules


class Child:
    """A process that was forked before this one became the supervisor; like `Popen`, as far as that is needed."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, once it has ended."""
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


Process = subprocess.Popen[bytes] | Child


class Supervisor:
    """Keeps each process of a plan running, one of a kind, and ends them gently."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._running: dict[str, Process] = {}
        self._started: dict[str, float] = {}
        self._falls: dict[str, int] = dict.fromkeys(plan.commands, 0)
        self._asked: set[str] = set()  # to end and be started again
        self._is_ending = self._is_reloading = False

    def run(self) -> int:
        """Run until a signal says to stop; the exit code."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        signal.signal(signal.SIGHUP, self._be_reloaded)
        _write_in_background()
        for name in self._plan.commands:
            if name in self._plan.begun:
                self._running[name] = Child(self._plan.begun[name])
                self._started[name] = time.monotonic()
            else:
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
                process.send_signal(signal.SIGTERM)

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
        self._running[name] = subprocess.Popen(
            self._plan.commands[name],
            cwd=self._plan.folder,
            process_group=0,  # as those that were forked
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
            process.send_signal(signal.SIGTERM)
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


def _signal_group(process: Process, number: signal.Signals) -> None:
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
    be_called("site-supervisor")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    sys.exit(Supervisor(Plan(**json.loads(sys.argv[1]))).run())
