"""Processes that keep running: started again when they fall, ended gently, never left behind."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

import structlog

GRACE = 25  # seconds that accepted requests have to finish
BACK_OFF = (0.2, 1.0, 3.0, 10.0)  # seconds before a fallen process is started again
STEADY = 60  # seconds after which a process counts as steady again

log = structlog.get_logger()


class Supervisor:
    """Keeps each of its processes running, one of a kind, and ends them gently."""

    def __init__(self, commands: dict[str, list[str]], folder: Path) -> None:
        self._commands, self._folder = commands, folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}
        self._falls: dict[str, int] = dict.fromkeys(commands, 0)
        self._is_ending = False

    def run(self) -> int:
        """Run until a signal says to stop; the exit code."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        for name in self._commands:
            self._start(name)
        while not self._is_ending:
            self._mend()
            time.sleep(0.1)
        return self._stop()

    def _mend(self) -> None:
        """Start again what has fallen, later and later while it keeps falling."""
        for name, process in self._running.items():
            if process.poll() is None or self._is_ending:
                continue
            if time.monotonic() - self._started[name] > STEADY:
                self._falls[name] = 0
            wait = BACK_OFF[min(self._falls[name], len(BACK_OFF) - 1)]
            if time.monotonic() - self._started[name] < wait:
                continue
            self._falls[name] += 1
            log.warning("process_fell", process=name, code=process.returncode)
            _signal_group(process, signal.SIGKILL)  # its children would live on and hold the port
            self._start(name)

    def _start(self, name: str) -> None:
        # a group of its own: Ctrl-C reaches us alone, and we end the others in order
        self._running[name] = subprocess.Popen(self._commands[name], cwd=self._folder, start_new_session=True)
        self._started[name] = time.monotonic()

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self._is_ending = True

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
