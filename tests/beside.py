"""Processes beside this one, forked from one that has read the app: to read it anew costs seconds of CPU each time."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import current_process, get_context, set_start_method
from multiprocessing.context import ForkServerContext
from pathlib import Path

from flask.cli import main

ROOT = Path(__file__).parent.parent


def beside() -> ForkServerContext:
    """The context in which they are made; nothing that this process has in memory or open is in theirs."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["pytest", "tests.whole_app"])
    return context


class Forked:
    """The command `flask` in a process of its own; like `Popen`, as far as that is needed."""

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str], out: Path, err: Path) -> None:
        given = (list(arguments), dict(environ), str(out), str(err))
        self._process = beside().Process(target=_flask, args=given, daemon=True)  # whoever forgets it does not wait
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float) -> int:
        """The exit code, once it has ended; `TimeoutExpired` as `Popen` has it."""
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("flask", timeout)
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _flask(arguments: list[str], environ: dict[str, str], *printed: str) -> None:
    """What `python -m flask` does, in the checkout."""
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(ROOT)
    for number, path in enumerate(printed, start=1):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    sys.argv = ["flask", *arguments]
    set_start_method(None, force=True)  # granian's workers begin as they do from the shell
    current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # else it could have no children of its own
    main()
